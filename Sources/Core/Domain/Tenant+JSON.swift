package import JSON

/// Why a stored document cannot be read: it was written by another version, or by hand.
package struct DocumentFault: Error, Equatable, CustomStringConvertible {
    /// The member that is missing or of another kind.
    package let member: String

    package var description: String { "The stored document has no readable '\(member)'." }

    /// The fault of that member.
    package init(member: String) {
        self.member = member
    }
}

extension TenantSpec {
    /// Writes the spec as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("displayName", displayName)
            writer.key("owners")
            writer.array(owners) { $0.string($1) }
            writer.member("blueprint", blueprint.name.text)
            writer.member("version", orNull: blueprint.version)
            writer.member("parameters", .object(parameters))
            writer.member("deleteProtection", deleteProtection)
            writer.key("repository")
            writer.object { writer in
                writer.member("protected", protectsRepository)
                repository?.writeMembers(to: &writer)
            }
            writer.member("suspended", suspended)
            writer.member("isolation", isolation?.rawValue ?? Self.noIsolation)
            writer.key("quotas")
            quotas.write(to: &writer)
            writer.key("freeze")
            if let freeze { freeze.write(to: &writer) } else { writer.null() }
        }
    }

    /// The word for a tenant that has no cluster made with it.
    package static let noIsolation = "none"

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let name = document["blueprint"]?.string,
            // The fault below says all that there is to say.
            let blueprint = try? BlueprintName(parsing: name)
        else { throw DocumentFault(member: "blueprint") }
        guard let displayName = document["displayName"]?.string else {
            throw DocumentFault(member: "displayName")
        }
        self.init(
            displayName: displayName,
            owners: (document["owners"]?.array ?? []).compactMap(\.string),
            blueprint: BlueprintChoice(name: blueprint, version: document["version"]?.string),
            parameters: document["parameters"]?.object ?? JSONObject(),
            deleteProtection: document["deleteProtection"]?.bool ?? false,
            protectsRepository: document["repository"]?["protected"]?.bool ?? false,
            repository: RepositoryChoice(reading: document["repository"]),
            suspended: document["suspended"]?.bool ?? false,
            isolation: (document["isolation"]?.string).flatMap(ClusterKind.init(rawValue:)),
            quotas: TenantQuotas(reading: document["quotas"]),
            freeze: TenantFreeze(reading: document["freeze"])
        )
    }
}

extension TenantStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            writer.member("version", orNull: version)
            writer.member("job", orNull: job?.description)
            writer.key("clusters")
            writer.array(clusters) { $1.write(to: &$0) }
            if let repository {
                writer.key("repository")
                repository.write(to: &writer)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let phase = (document["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            throw DocumentFault(member: "phase")
        }
        self.init(
            phase: phase,
            conditions: try [Condition](reading: document["conditions"]),
            observedGeneration: Int64(document["observedGeneration"]?.int ?? 0),
            version: document["version"]?.string,
            // What is no id names no job.
            job: (document["job"]?.string).flatMap { try? JobID(parsing: $0) },
            clusters: (document["clusters"]?.array ?? []).compactMap(ClusterSummary.init(reading:)),
            repository: RepositoryAddress(reading: document["repository"])
        )
    }
}

extension ClusterSummary {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name.text)
            writer.member("kind", kind.rawValue)
            writer.member("phase", phase.rawValue)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let text = document["name"]?.string,
            // What is no name names no cluster.
            let name = try? ClusterName(parsing: text),
            let kind = (document["kind"]?.string).flatMap(ClusterKind.init(rawValue:)),
            let phase = (document["phase"]?.string).flatMap(ClusterStatus.Phase.init(rawValue:))
        else { return nil }
        self.init(name: name, kind: kind, phase: phase)
    }
}

extension TenantRepository {
    /// Writes the repository as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("branch", branch)
            writer.member("blueprintVersion", blueprintVersion)
            writer.member("baseCommit", baseCommit)
            writer.member("commit", commit)
            writer.member("parameters", .object(parameters))
            if let address {
                writer.key("address")
                address.write(to: &writer)
                writer.member("readUrl", orNull: readURL)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        func text(_ member: String) throws(DocumentFault) -> String {
            guard let text = document[member]?.string else { throw DocumentFault(member: member) }
            return text
        }
        self.init(
            name: try text("name"),
            branch: try text("branch"),
            blueprintVersion: try text("blueprintVersion"),
            baseCommit: try text("baseCommit"),
            commit: try text("commit"),
            parameters: document["parameters"]?.object ?? JSONObject(),
            address: RepositoryAddress(reading: document["address"]),
            readURL: document["readUrl"]?.string
        )
    }
}

extension Condition {
    /// Writes the condition as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type)
            writer.member("status", status.rawValue)
            writer.member("reason", reason)
            writer.member("message", message)
            writer.member("observedGeneration", observedGeneration)
            writer.member("lastTransitionAt", lastTransitionAt.description)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let type = document["type"]?.string,
            let status = (document["status"]?.string).flatMap(Status.init(rawValue:)),
            let time = document["lastTransitionAt"]?.string,
            // The fault below says all that there is to say.
            let transition = try? Instant(parsing: time)
        else { throw DocumentFault(member: "conditions") }
        self.init(
            type: type,
            status: status,
            reason: document["reason"]?.string ?? "",
            message: document["message"]?.string ?? "",
            observedGeneration: Int64(document["observedGeneration"]?.int ?? 0),
            lastTransitionAt: transition
        )
    }
}

extension [Condition] {
    /// Reads an array of conditions; nil reads as none.
    init(reading document: JSON?) throws(DocumentFault) {
        self = []
        for entry in document?.array ?? [] { append(try Condition(reading: entry)) }
    }
}

extension JSONWriter {
    /// A member whose value is a string, or `null`.
    mutating func member(_ name: StaticString, orNull value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }
}

extension Labels {
    /// Writes the labels as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for pair in pairs {
                writer.key(named: pair.key.description)
                writer.string(pair.value.description)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        let members = document.object.map { Array($0) } ?? []
        guard
            // The fault below says all that there is to say.
            let labels = try? Labels(
                parsing: members.map { (key: $0.key, value: $0.value.string ?? "") }
            )
        else { throw DocumentFault(member: "labels") }
        self = labels
    }
}
