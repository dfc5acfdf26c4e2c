import JSON

/// `DELETE` of one object or of all that are selected.
struct DeleteAnswer {
    let target: APITarget
    private var call: APICall { target.call }

    init(_ target: APITarget) { self.target = target }

    func answer() async throws(SandboxStatus) -> SandboxAnswer {
        let options = try options()
        var writing = try call.writing(target.resource, version: target.place.version)
        if options.isDryRun { writing.isDryRun = true }
        guard let key = target.key else {
            return try await deleteAll(options.deletion, writing)
        }
        let deleted = try await call.cluster.delete(key, options.deletion, writing)
        guard deleted.isGone else { return SandboxAnswer(200, deleted.object, target) }
        var details: JSONObject = [
            "name": .string(key.name), "kind": .string(target.resource.plural),
            "uid": .string(deleted.object.uid),
        ]
        if !target.resource.group.isEmpty { details["group"] = .string(target.resource.group) }
        return SandboxAnswer(
            200,
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                "details": .object(details),
            ]
        )
    }

    private func deleteAll(
        _ deletion: Deletion,
        _ writing: Writing
    ) async throws(SandboxStatus) -> SandboxAnswer {
        let selection = try Selection(call.query, namespace: target.place.namespace)
        var items: [JSON] = []
        let objects = try await call.cluster.list(
            target.resource.kind,
            namespace: selection.namespace
        )
        for object in objects where selection.selects(object) {
            items.append(.object(object.served(as: target.apiVersion).json))
            var deletion = deletion
            deletion.uid = object.uid
            do throws(SandboxStatus) {
                _ = try await call.cluster.delete(object.key, deletion, writing)
            } catch {
                // Gone, or another, by now.
                if error.reason != .notFound, error.reason != .conflict { throw error }
            }
        }
        return SandboxAnswer(
            200,
            [
                "kind": .string(target.resource.kind.name + "List"),
                "apiVersion": .string(target.apiVersion), "metadata": ["resourceVersion": ""],
                "items": .array(items),
            ]
        )
    }

    /// `DeleteOptions` in the body, or the same as parameters.
    private func options() throws(SandboxStatus) -> (deletion: Deletion, isDryRun: Bool) {
        var deletion = Deletion()
        var text = call.query["propagationPolicy"]
        var isDryRun = false
        if !call.request.body.isEmpty {
            let body = try call.body()
            deletion.uid = body["preconditions"]?["uid"]?.string
            deletion.resourceVersion = body["preconditions"]?["resourceVersion"]?.string
            text = body["propagationPolicy"]?.string
            isDryRun = body["dryRun"]?.array?.contains("All") ?? false
            if body["orphanDependents"]?.bool == true { text = "Orphan" }
        }
        guard let text else { return (deletion, isDryRun) }
        guard let propagation = SandboxCluster.Propagation(rawValue: text) else {
            throw .badOption(
                "DeleteOptions",
                "propagationPolicy: Unsupported value: \"\(text)\": supported values: "
                    + "\"Foreground\", \"Background\", \"Orphan\""
            )
        }
        deletion.propagation = propagation
        return (deletion, isDryRun)
    }
}
