import JSON

extension SandboxCluster {
    /// Server-side apply: what the applier wants is laid over the object, what it wanted before
    /// and wants no longer is removed, and whoever has set the same otherwise is asked first.
    ///
    /// - Returns: the object, and whether it was made.
    /// - Throws: `.conflict` with one cause for each field that another has set.
    func apply(
        _ wanted: SandboxObject,
        at key: SandboxKey,
        _ writing: Writing
    ) async throws(SandboxStatus) -> (object: SandboxObject, isNew: Bool) {
        var wanted = wanted
        guard wanted.metadata["managedFields"]?.array?.isEmpty ?? true else {
            throw SandboxStatus(.badRequest, "metadata.managedFields must be nil")
        }
        wanted.json = wanted.json.withoutNulls
        Defaults(writing.resource, now: now).complete(&wanted)
        let intent = wanted
        let replaced = try await replace(key, writing) { old throws(SandboxStatus) in
            try laid(intent, over: old, writing)
        }
        if let replaced { return (replaced, false) }
        guard writing.subresource == nil else { throw .notFound(writing.resource, key.name) }
        guard wanted.uid.isEmpty else { throw .immutableUID(wanted, writing.resource) }
        wanted.metadata["resourceVersion"] = nil
        do throws(SandboxStatus) {
            return (try await create(wanted, writing, isApply: true), true)
        } catch {
            guard error.reason == .alreadyExists, !writing.isDryRun else { throw error }
            let again = try await replace(key, writing) { old throws(SandboxStatus) in
                try laid(intent, over: old, writing)
            }
            guard let again else { throw error }
            return (again, false)
        }
    }

    private func laid(
        _ wanted: SandboxObject,
        over old: SandboxObject,
        _ writing: Writing
    ) throws(SandboxStatus) -> Draft {
        guard wanted.uid.isEmpty || wanted.uid == old.uid else {
            throw .immutableUID(wanted, writing.resource)
        }
        let shape = writing.resource.shape
        let writer = writing.writer(isApply: true)
        var record = ManagedFields(old.metadata["managedFields"])
        let fields = tracked(wanted, writing)
        let live = JSON.object(old.withoutServerFields(writing))
        let merged = shape.merge(.object(wanted.withoutServerFields(writing)), over: live)
        let changed = shape.difference(from: live, to: merged).changed
        let conflicts = record.conflicts(of: writer, over: changed)
        guard writing.forces || conflicts.isEmpty else {
            throw .owned(writing.resource, conflicts)
        }
        let others = record.fields(ofOthersThan: writer).subtracting(changed)
        let gone = record.fields(of: writer).subtracting(fields)
        let left = shape.remove(gone, keeping: fields.union(others), from: merged)
        record.record(fields, of: writer, taking: changed, at: now)
        var new = old
        new.replaceOwnFields(by: left?.object ?? JSONObject(), writing)
        new.metadata["resourceVersion"] = wanted.metadata["resourceVersion"]
        return Draft(new, managed: record)
    }
}

extension SandboxObject {
    /// Puts fields back to which `withoutServerFields` has come down.
    fileprivate mutating func replaceOwnFields(by fields: JSONObject, _ writing: Writing) {
        if writing.subresource == "status" {
            json["status"] = fields["status"]
            return
        }
        var result: JSONObject = ["metadata": fields["metadata"] ?? [:]]
        result["apiVersion"] = json["apiVersion"]
        result["kind"] = json["kind"]
        for member in fields where member.key != "metadata" { result[member.key] = member.value }
        if writing.resource.hasStatus { result["status"] = json["status"] }
        json = result
    }
}

extension JSONObject {
    /// The object without members that are null, at any depth of objects.
    fileprivate var withoutNulls: JSONObject {
        var result = JSONObject(reserving: count)
        for member in self where !member.value.isNull {
            result[member.key] =
                member.value.object.map { .object($0.withoutNulls) } ?? member.value
        }
        return result
    }
}

extension SandboxStatus {
    /// An applier means another incarnation than there is.
    fileprivate static func immutableUID(
        _ wanted: SandboxObject,
        _ resource: SandboxResource
    ) -> SandboxStatus {
        .invalid(resource, wanted.name, [.immutable("metadata.uid", .string(wanted.uid))])
    }

    /// Others have set fields that an applier wants otherwise.
    static func owned(
        _ resource: SandboxResource,
        _ conflicts: [(ManagedFields.Writer, FieldTree)]
    ) -> SandboxStatus {
        var causes: [Cause] = []
        for (writer, fields) in conflicts {
            let way = writer.isApply ? "" : " using \(writer.apiVersion)"
            let part = writer.subresource.map { " with subresource \"\($0)\"" } ?? ""
            let message = "conflict with \"\(writer.manager)\"\(part)\(way)"
            for path in fields.paths {
                let field = FieldTree.description(of: path)
                causes.append(Cause("FieldManagerConflict", message, field: field))
            }
        }
        let lists = Dictionary(grouping: causes, by: \.message).sorted { $0.key < $1.key }
            .map { message, causes in
                guard causes.count > 1 else { return "\(message): \(causes[0].field)" }
                let fields = causes.map { "\n- \($0.field)" }.joined()
                return "conflicts\(message.dropFirst("conflict".count)):\(fields)"
            }
        let noun = causes.count == 1 ? "conflict" : "conflicts"
        let text = "Apply failed with \(causes.count) \(noun): \(lists.joined(separator: "\n"))"
        var status = SandboxStatus(.conflict, text)
        status.causes = causes
        return status
    }
}
