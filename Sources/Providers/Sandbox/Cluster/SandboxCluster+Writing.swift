import JSON
import Secrets

extension SandboxCluster {
    /// How often a change is tried again while others change the object: 16.
    private static let attemptsMax = 16

    /// Makes an object.
    func create(
        _ object: SandboxObject,
        _ writing: Writing,
        managed: ManagedFields? = nil
    ) async throws(SandboxStatus) -> SandboxObject {
        let resource = writing.resource
        var object = object
        if object.name.isEmpty, let prefix = object.metadata["generateName"]?.string {
            object.metadata["name"] = .string(prefix + Self.suffix())
        }
        object.json["apiVersion"] = .string(writing.apiVersion)
        object.json["kind"] = .string(resource.kind.name)
        guard object.metadata["resourceVersion"]?.string ?? "" == "" else {
            throw SandboxStatus(
                .internalError,
                "resourceVersion should not be set on objects to be created"
            )
        }
        try ObjectCheck(resource).examine(object)
        try await admit(object, resource)
        object.metadata["uid"] = .string(Self.uid())
        object.metadata["creationTimestamp"] = .string(now.kubernetesText)
        for field in ["resourceVersion", "deletionTimestamp", "managedFields", "selfLink"] {
            object.metadata[field] = nil
        }
        object.metadata["generation"] = resource.hasGeneration ? 1 : nil
        if resource.hasStatus { object.json["status"] = nil }
        Defaults(resource, now: now).complete(&object)
        var wanted = object
        Defaults(resource, now: now).fill(&wanted)
        var record = managed ?? ManagedFields(nil)
        if managed == nil {
            let fields = tracked(object, writing)
            record.record(
                fields,
                of: writing.writer(isApply: false),
                taking: FieldTree(),
                dropping: FieldTree(),
                at: now
            )
        }
        wanted.metadata["managedFields"] = record.json
        if writing.isDryRun { return try await examineAbsence(of: wanted, resource) }
        guard let revision = try await write(.create, wanted) else {
            throw .alreadyExists(resource, wanted.name)
        }
        wanted.metadata["resourceVersion"] = .string(String(revision))
        if resource.kind == .namespace { try await furnish(wanted.name) }
        return wanted
    }

    private func examineAbsence(
        of object: SandboxObject,
        _ resource: SandboxResource
    ) async throws(SandboxStatus) -> SandboxObject {
        if try await get(object.key) != nil { throw .alreadyExists(resource, object.name) }
        return object
    }

    /// Changes an object by what `change` makes of it; nil where there is none.
    ///
    /// Tried again when others change it meanwhile, unless the draft names a resourceVersion.
    func replace(
        _ key: SandboxKey,
        _ writing: Writing,
        _ change: (SandboxObject) throws(SandboxStatus) -> Draft
    ) async throws(SandboxStatus) -> SandboxObject? {
        for _ in 0..<Self.attemptsMax {
            guard let old = try await get(key) else { return nil }
            let draft = try change(old)
            let seen = draft.object.metadata["resourceVersion"]?.string ?? ""
            guard seen.isEmpty || seen == String(old.revision) else {
                throw .modified(writing.resource, key.name)
            }
            let new = try finish(draft, replacing: old, writing)
            if new == old { return old }
            if writing.isDryRun { return new }
            if let written = try await keep(new, replacing: old) { return written }
            if !seen.isEmpty { throw .modified(writing.resource, key.name) }
        }
        throw .modified(writing.resource, key.name)
    }

    /// Writes the next state of an object; nil where it is no longer at the old one.
    ///
    /// What was told to go and has no finalizer any more is gone.
    private func keep(
        _ new: SandboxObject,
        replacing old: SandboxObject
    ) async throws(SandboxStatus) -> SandboxObject? {
        let isOver = new.isDeleting && new.isFinalized
        guard
            let revision = try await write(
                isOver ? .remove(expected: old.revision) : .replace(expected: old.revision),
                new
            )
        else { return nil }
        var written = new
        written.metadata["resourceVersion"] = .string(String(revision))
        return written
    }

    /// Puts a record into the cluster; nil where something else stands there.
    func write(
        _ change: SandboxWrite.Change,
        _ object: SandboxObject
    ) async throws(SandboxStatus) -> Int64? {
        let write = SandboxWrite(
            change,
            key: object.key,
            uid: object.uid,
            owners: object.owners.compactMap { $0["uid"]?.string },
            body: object.stored
        )
        let written = try await asking { () async throws(SandboxOutage) in
            try await server.records.write(write, in: name)
        }
        switch written {
        case .at(let revision):
            server.changed(name)
            return revision
        case .conflict: return nil
        case .noCluster: throw SandboxStatus(.notFound, "there is no sandbox cluster \(name)")
        }
    }

    /// The next state of an object by the rules for what a writer may change.
    private func finish(
        _ draft: Draft,
        replacing old: SandboxObject,
        _ writing: Writing
    ) throws(SandboxStatus) -> SandboxObject {
        let resource = writing.resource
        var new = draft.object
        guard new.uid.isEmpty || new.uid == old.uid else {
            throw .conflict(
                resource,
                old.name,
                "Precondition failed: UID in precondition: \(new.uid), UID in object meta: "
                    + "\(old.uid)"
            )
        }
        if writing.subresource == "status" {
            var kept = old
            kept.json["status"] = new.json["status"]
            new = kept
        } else {
            if resource.hasStatus { new.json["status"] = old.json["status"] }
            let defaults = Defaults(resource, now: now)
            defaults.complete(&new)
            defaults.preset(&new)
        }
        restore(&new, from: old)
        try ObjectCheck(resource).examine(new, replacing: old)
        let isChanged = resource.hasGeneration && wanted(new, resource) != wanted(old, resource)
        new.metadata["generation"] =
            isChanged ? .integer(old.generation + 1) : old.metadata["generation"]
        new.metadata["managedFields"] =
            draft.managed?.json ?? managed(new, replacing: old, writing).json
        new.json["apiVersion"] = old.json["apiVersion"]
        new.json["kind"] = old.json["kind"]
        return new
    }

    /// What only the server says.
    private func restore(_ new: inout SandboxObject, from old: SandboxObject) {
        for field in [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
            "deletionGracePeriodSeconds", "selfLink", "resourceVersion",
        ] {
            new.metadata[field] = old.metadata[field]
        }
    }

    /// What counts as a change of the object's generation.
    private func wanted(_ object: SandboxObject, _ resource: SandboxResource) -> JSONObject {
        var wanted = object.json
        for field in ["metadata", "apiVersion", "kind"] { wanted[field] = nil }
        if resource.hasStatus { wanted["status"] = nil }
        return wanted
    }

    /// Who has set what after a change that was no apply.
    private func managed(
        _ new: SandboxObject,
        replacing old: SandboxObject,
        _ writing: Writing
    ) -> ManagedFields {
        var record = ManagedFields(old.metadata["managedFields"])
        let difference = writing.resource.shape.difference(
            from: .object(old.withoutServerFields(writing)),
            to: .object(new.withoutServerFields(writing))
        )
        guard !difference.changed.isEmpty || !difference.removed.isEmpty else { return record }
        let writer = writing.writer(isApply: false)
        let fields = record.fields(of: writer).subtracting(difference.removed)
            .union(difference.changed)
        record.record(
            fields,
            of: writer,
            taking: difference.changed,
            dropping: difference.removed,
            at: now
        )
        return record
    }

    /// The fields of an object that have owners.
    func tracked(_ object: SandboxObject, _ writing: Writing) -> FieldTree {
        let fields = object.withoutServerFields(writing)
        return fields.isEmpty ? FieldTree() : writing.resource.shape.fields(of: .object(fields))
    }

    /// Five characters as Kubernetes draws them, without vowels.
    private static func suffix() -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String(SecureRandom.bytes(5).map { alphabet[Int($0) % alphabet.count] })
    }

    /// A random UUID (RFC 9562 §5.4).
    private static func uid() -> String {
        var bytes = SecureRandom.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.encode(bytes))
        let parts = [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]]
        return parts.map { String($0) }.joined(separator: "-")
    }
}

extension SandboxObject {
    /// Whether nobody must agree any more before it goes.
    var isFinalized: Bool {
        finalizers.isEmpty && (kind != .namespace || spec["finalizers"]?.array?.isEmpty ?? true)
    }

    /// The object without the fields that nobody owns: those of the server, and the part that is
    /// written elsewhere.
    func withoutServerFields(_ writing: Writing) -> JSONObject {
        var fields = json
        fields["apiVersion"] = nil
        fields["kind"] = nil
        var metadata = self.metadata
        for field in [
            "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion",
            "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            metadata[field] = nil
        }
        fields["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        if writing.subresource == "status" {
            var status = JSONObject()
            status["status"] = fields["status"]
            return status
        }
        if writing.resource.hasStatus { fields["status"] = nil }
        return fields
    }
}
