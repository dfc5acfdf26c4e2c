import JSON
import Secrets

extension SandboxCluster {
    /// How often a change is tried again while others change the object: 16.
    private static let attemptsMax = 16

    /// Makes an object.
    func create(
        _ object: SandboxObject,
        _ writing: Writing,
        isApply: Bool = false
    ) async throws(SandboxStatus) -> SandboxObject {
        let resource = writing.resource
        var object = object
        if object.name.isEmpty, let prefix = object.metadata["generateName"]?.string {
            object.metadata["name"] = .string(prefix + Self.suffix())
        }
        object.json["apiVersion"] = .string(writing.apiVersion)
        object.json["kind"] = .string(resource.kind.name)
        guard object.metadata["resourceVersion"]?.string ?? "" == "" else {
            let message = "resourceVersion should not be set on objects to be created"
            throw SandboxStatus(.internalError, message)
        }
        try ObjectCheck.examine(object, as: resource)
        try await admit(object, resource)
        try await demandGrant(of: object, writing, isNew: true)
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
        let fields = tracked(object, writing)
        let record = ManagedFields(fields, of: writing.writer(isApply: isApply), at: now)
        wanted.metadata["managedFields"] = record.json
        if writing.isDryRun {
            if try await get(wanted.key) != nil { throw .alreadyExists(resource, wanted.name) }
            return wanted
        }
        guard let revision = try await write(.create, wanted) else {
            throw .alreadyExists(resource, wanted.name)
        }
        wanted.metadata["resourceVersion"] = .string(String(revision))
        if resource.kind == .namespace { try await furnish(wanted.name) }
        return wanted
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
            var new = try finish(draft, replacing: old, writing)
            if new == old { return old }
            try await demandGrant(of: new, writing, isNew: false)
            if writing.isDryRun { return new }
            // What was told to go and has no finalizer any more is gone.
            let isOver = new.isDeleting && new.isFinalized
            let expected = old.revision
            let revision = try await write(
                isOver ? .remove(expected: expected) : .replace(expected: expected),
                new
            )
            if let revision {
                new.metadata["resourceVersion"] = .string(String(revision))
                return new
            }
            if !seen.isEmpty { throw .modified(writing.resource, key.name) }
        }
        throw .modified(writing.resource, key.name)
    }

    private func demandGrant(
        of object: SandboxObject,
        _ writing: Writing,
        isNew: Bool
    ) async throws(SandboxStatus) {
        guard let author = writing.author else { return }
        try await Permissions(self, author).demandGrant(of: object, writing.resource, isNew: isNew)
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
            try await server.writer.write(write, in: name)
        }
        switch written {
        case .at(let revision):
            server.changed(object.kind, in: name)
            return revision
        case .conflict: return nil
        case .refused(let reason): throw SandboxStatus(.internalError, reason)
        case .noCluster: throw .noSuchCluster(name)
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
            let uids = "UID in precondition: \(new.uid), UID in object meta: \(old.uid)"
            throw .conflict(resource, old.name, "Precondition failed: \(uids)")
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
        for field in SandboxObject.serverFields
        where !["generation", "managedFields"].contains(field) {
            new.metadata[field] = old.metadata[field]
        }
        try ObjectCheck.examine(new, replacing: old, as: resource)
        let isChanged = resource.hasGeneration && wanted(new, resource) != wanted(old, resource)
        new.metadata["generation"] =
            isChanged ? .integer(old.generation + 1) : old.metadata["generation"]
        new.metadata["managedFields"] =
            draft.managed?.json ?? managed(new, replacing: old, writing).json
        new.json["apiVersion"] = old.json["apiVersion"]
        new.json["kind"] = old.json["kind"]
        return new
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
        let lost = difference.changed.union(difference.removed)
        record.record(fields, of: writer, taking: lost, at: now)
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
        let parts = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
        return parts.map { Hex.encode(Array($0)) }.joined(separator: "-")
    }
}

extension SandboxObject {
    /// Whether nobody must agree any more before it goes.
    var isFinalized: Bool {
        finalizers.isEmpty && (kind != .namespace || spec["finalizers"]?.array?.isEmpty ?? true)
    }

    /// What only the server says.
    static let serverFields = [
        "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion",
        "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
    ]

    /// The object without the fields that nobody owns: those of the server, and the part that is
    /// written elsewhere.
    func withoutServerFields(_ writing: Writing) -> JSONObject {
        var fields = json
        fields["apiVersion"] = nil
        fields["kind"] = nil
        var metadata = self.metadata
        for field in Self.serverFields { metadata[field] = nil }
        fields["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        if writing.subresource == "status" {
            return fields["status"].map { ["status": $0] } ?? JSONObject()
        }
        if writing.resource.hasStatus { fields["status"] = nil }
        return fields
    }
}
