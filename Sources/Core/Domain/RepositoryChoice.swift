import JSON

/// Where a tenant has its repository: on a forge, under a name of its own.
package struct RepositoryChoice: Sendable, Hashable {
    /// What becomes of the repository when the tenant is deleted.
    package enum Ending: String, Sendable, CaseIterable {
        /// It stays, and nobody pushes to it any more.
        case archive
        case delete
        /// It stays as it is.
        case keep
    }

    /// The forge.
    package var forge: ForgeName
    /// The organization, group or user that owns it there.
    package var owner: String
    /// Its name there.
    package var name: String
    /// What becomes of it in the end.
    package var onDelete: Ending

    /// That repository of that forge.
    package init(forge: ForgeName, owner: String, name: String, onDelete: Ending = .archive) {
        self.forge = forge
        self.owner = owner
        self.name = name
        self.onDelete = onDelete
    }

    /// Whether both are one repository, whatever becomes of it.
    package func isSame(as other: RepositoryChoice) -> Bool {
        forge == other.forge && owner == other.owner && name == other.name
    }
}

/// Where people find a repository on its forge.
package struct RepositoryAddress: Sendable, Hashable {
    /// From where it is cloned.
    package var cloneURL: String
    /// Where it is looked at.
    package var webURL: String

    /// A repository at those addresses.
    package init(cloneURL: String, webURL: String) {
        self.cloneURL = cloneURL
        self.webURL = webURL
    }
}

/// What is known of a tenant's repository on a forge.
package struct HostedRepository: Sendable, Hashable {
    /// What the forge calls it, whatever its name; nil before it was made.
    package var remoteID: String?
    /// The commit that Slipway pushed first: everything in it comes after that; nil before.
    package var root: String?

    /// A repository of which that is known.
    package init(remoteID: String? = nil, root: String? = nil) {
        self.remoteID = remoteID
        self.root = root
    }
}

extension RepositoryChoice {
    /// Writes the choice's members into an object that is being written.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("forge", forge.text)
        writer.member("owner", owner)
        writer.member("name", name)
        writer.member("onDelete", onDelete.rawValue)
    }

    /// Reads what `writeMembers` wrote; nil where no forge is named.
    init?(reading document: JSON?) {
        guard let text = document?["forge"]?.string,
            // What is no name names no forge.
            let forge = try? ForgeName(parsing: text)
        else { return nil }
        self.init(
            forge: forge,
            owner: document?["owner"]?.string ?? "",
            name: document?["name"]?.string ?? "",
            onDelete: (document?["onDelete"]?.string).flatMap(Ending.init(rawValue:)) ?? .archive
        )
    }
}

extension RepositoryAddress {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cloneUrl", cloneURL)
            writer.member("webUrl", webURL)
        }
    }

    /// Reads what `write` wrote; nil where there is nothing.
    init?(reading document: JSON?) {
        guard let clone = document?["cloneUrl"]?.string, let web = document?["webUrl"]?.string
        else { return nil }
        self.init(cloneURL: clone, webURL: web)
    }
}
