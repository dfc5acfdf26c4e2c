import Domain
import JSON
import Storage

/// What a caller wants of a tenant's repository, read from a body.
struct RepositoryWish: Sendable {
    private(set) var isProtected = false
    private var forge: ForgeName?
    private var owner: String?
    private var name: String?
    private var onDelete: RepositoryChoice.Ending?

    init() {}

    init(_ reader: inout ObjectReader) {
        isProtected = reader.optional("protected", Reading.bool) ?? false
        forge = reader.optional("forge", Reading.name)
        owner = reader.optional("owner") { value throws(ReadingFault) in
            let text = try Reading.text(1...ForgeRepositories.ownerLengthMax)(value)
            guard ForgeRepositories.isOwner(text, on: .gitlab) else {
                throw ReadingFault("not-an-owner", "Expected an organization, group or user.")
            }
            return text
        }
        name = reader.optional("name") { value throws(ReadingFault) in
            let text = try Reading.string(value)
            guard ForgeRepositories.isName(text) else {
                throw ReadingFault(
                    "not-a-name",
                    "Expected up to 100 letters, digits and .-_ in the name of a repository."
                )
            }
            return text
        }
        onDelete = reader.optional("onDelete", Reading.choice(RepositoryChoice.Ending.self))
        guard forge != nil else {
            for member in ["owner", "name", "onDelete"] where reader.has(member) {
                reader.refuse(member, "without-a-forge", "This is about a repository on a forge.")
            }
            return
        }
        if isProtected {
            reader.refuse("protected", "not-ours", "On a forge, protect the branch there.")
        }
    }

    /// The choice; the owner is empty where neither the wish nor `current` names one.
    func choice(
        of tenant: TenantName,
        keeping current: RepositoryChoice?
    ) -> RepositoryChoice? {
        guard let forge else { return current }
        return RepositoryChoice(
            forge: forge,
            owner: owner ?? current?.owner ?? "",
            name: name ?? current?.name ?? tenant.text,
            onDelete: onDelete ?? current?.onDelete ?? .archive
        )
    }
}

extension RepositoryChoice {
    /// The choice as the forge allows it, with its owner.
    ///
    /// - Throws: the faults of the body where it does not.
    func settled(_ call: Invocation) async throws -> RepositoryChoice {
        let found = try await call.services.storage.forges.find(forge, as: call.access)
        guard let found else {
            throw Problem(
                invalid: JSONPointer(["spec", "repository", "forge"]),
                "unknown",
                "There is no forge `\(forge)`."
            )
        }
        guard let rule = found.spec.repositories else {
            throw Problem(
                invalid: JSONPointer(["spec", "repository", "forge"]),
                "keeps-none",
                "The forge keeps no repositories of tenants."
            )
        }
        var settled = self
        if owner.isEmpty { settled.owner = rule.owner }
        guard rule.allows(owner: settled.owner),
            ForgeRepositories.isOwner(settled.owner, on: found.spec.kind)
        else {
            let allowed = ([rule.owner] + rule.owners.map(\.description)).joined(separator: ", ")
            throw Problem(
                invalid: JSONPointer(["spec", "repository", "owner"]),
                "not-allowed",
                "The forge allows these: \(allowed)."
            )
        }
        return settled
    }
}
