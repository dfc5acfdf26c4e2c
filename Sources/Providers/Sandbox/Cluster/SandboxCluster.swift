package import Domain
package import JSON

/// One cluster of the sandbox, for those who play its controllers: reads and writes with the
/// rules of the API server, without asking for permission.
///
/// Every function throws what the API would answer; an outage of the records is
/// `.unavailable`.
package struct SandboxCluster: Sendable {
    let server: SandboxServer
    /// The cluster's name; `SandboxServer.management` for the management cluster.
    package let name: String

    /// What happens to the dependents of an object that is deleted.
    package enum Propagation: String, Sendable {
        /// The object goes first.
        case background = "Background"
        /// The dependents go first.
        case foreground = "Foreground"
        /// The dependents stay, without this owner.
        case orphan = "Orphan"
    }

    /// Now, by the server's clock.
    package var now: Instant { server.settings.clock() }

    /// Where the cluster is reached from outside.
    package var url: String { "\(server.settings.baseURL)/\(name)" }

    /// The object under a key; nil where there is none.
    package func get(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxObject? {
        let record = try await asking { () async throws(SandboxOutage) in
            try await server.records.read(key, in: name)
        }
        return try record.map { record throws(SandboxStatus) in try SandboxObject(record) }
    }

    /// All objects of a kind, by namespace and name.
    package func list(
        _ kind: SandboxKind,
        namespace: String? = nil,
        labels: LabelSelector = .everything
    ) async throws(SandboxStatus) -> [SandboxObject] {
        let page = try await asking { () async throws(SandboxOutage) in
            try await server.records.list(SandboxQuery(kind, namespace: namespace), in: name)
        }
        return try (page?.records ?? []).map(SandboxObject.init)
            .filter { $0.isSelected(by: labels) }
    }

    /// The objects that name this one as an owner.
    package func dependents(
        of owner: SandboxObject
    ) async throws(SandboxStatus) -> [SandboxObject] {
        let records = try await asking { () async throws(SandboxOutage) in
            try await server.records.dependents(of: owner.uid, in: name)
        }
        return try records.map(SandboxObject.init)
    }

    /// Makes an object; apiVersion, kind and name must be there, and its namespace too.
    ///
    /// - Throws: `.alreadyExists` where there is one.
    @discardableResult
    package func create(
        _ object: JSON,
        as manager: String = "sandbox"
    ) async throws(SandboxStatus) -> SandboxObject {
        let object = SandboxObject(object.object ?? JSONObject())
        let resource = try await resource(object.kind)
        return try await create(object, Writing(resource, manager, object.apiVersion))
    }

    /// Server-side apply, with force: makes the object or changes what differs.
    @discardableResult
    package func apply(
        _ object: JSON,
        as manager: String
    ) async throws(SandboxStatus) -> SandboxObject {
        let object = SandboxObject(object.object ?? JSONObject())
        let resource = try await resource(object.kind)
        var writing = Writing(resource, manager, object.apiVersion)
        writing.forces = true
        return try await apply(object, at: object.key, writing).object
    }

    /// Changes everything but the status, again and again while others change the object meanwhile;
    /// nil where there is none.
    ///
    /// What changes nothing is not written.
    @discardableResult
    package func update(
        _ key: SandboxKey,
        as manager: String = "sandbox",
        _ change: (inout SandboxObject) -> Void
    ) async throws(SandboxStatus) -> SandboxObject? {
        try await replace(key, Writing(try await resource(key.kind), manager), by: change)
    }

    /// Changes the status alone, as `update` does the rest.
    @discardableResult
    package func updateStatus(
        _ key: SandboxKey,
        as manager: String = "sandbox",
        _ change: (inout SandboxObject) -> Void
    ) async throws(SandboxStatus) -> SandboxObject? {
        var writing = Writing(try await resource(key.kind), manager)
        if writing.resource.hasStatus { writing.subresource = "status" }
        return try await replace(key, writing, by: change)
    }

    private func replace(
        _ key: SandboxKey,
        _ writing: Writing,
        by change: (inout SandboxObject) -> Void
    ) async throws(SandboxStatus) -> SandboxObject? {
        try await replace(key, writing) { old throws(SandboxStatus) in
            var new = old
            change(&new)
            new.metadata["resourceVersion"] = nil
            return Draft(new)
        }
    }

    /// Deletes an object: with finalizers it stays, marked, until the last of them is removed.
    ///
    /// Nothing happens where there is none, or where it is another incarnation.
    package func delete(
        _ key: SandboxKey,
        uid: String? = nil,
        propagation: Propagation = .background
    ) async throws(SandboxStatus) {
        guard let object = try await get(key), uid == nil || uid == object.uid else { return }
        var deletion = Deletion()
        deletion.uid = object.uid
        deletion.propagation = propagation
        do throws(SandboxStatus) {
            _ = try await delete(key, deletion, Writing(try await resource(key.kind), "sandbox"))
        } catch {
            if error.reason != .notFound, error.reason != .conflict { throw error }
        }
    }

    /// Removes the cluster with everything in it; nothing where it is not there.
    package func remove() async throws(SandboxStatus) {
        try await asking { () async throws(SandboxOutage) in
            try await server.records.removeCluster(name)
        }
        server.removed(name)
    }
}

extension SandboxObject {
    /// Whether a selector takes it; labels that are none by the rules are not looked at.
    func isSelected(by selector: LabelSelector) -> Bool {
        selector.terms.allSatisfy { term in
            switch term {
            case .exists(let key): labels[key.description] != nil
            case .absent(let key): labels[key.description] == nil
            case .isOneOf(let key, let values):
                values.contains { $0.description == labels[key.description] }
            case .isNoneOf(let key, let values):
                !values.contains { $0.description == labels[key.description] }
            }
        }
    }
}
