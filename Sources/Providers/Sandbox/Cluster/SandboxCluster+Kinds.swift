import JSON

extension SandboxCluster {
    /// Every kind that the cluster serves.
    func resources() async throws(SandboxStatus) -> [SandboxResource] {
        let custom = try await asking { () async throws(SandboxOutage) in
            let newest = try await server.facts.facts(of: name, in: server.records)?.definitions
            return try await server.customKinds.resources(
                of: name,
                at: newest ?? 0,
                in: server.records
            )
        }
        let faults = try await hadFaults() ? FaultBook(try await list(.fault), at: now) : nil
        let builtIn = KindTable.kinds(of: name).filter { faults?.hides($0.kind) != true }
        guard !custom.isEmpty else { return builtIn }
        let declared = Set(custom.map(\.kind))
        return builtIn.filter { !declared.contains($0.kind) } + custom
    }

    /// How a kind is served.
    ///
    /// - Throws: `.notFound` where it is not.
    func resource(_ kind: SandboxKind) async throws(SandboxStatus) -> SandboxResource {
        if let found = try await resources().first(where: { $0.kind == kind }) { return found }
        throw .noSuchResource
    }

    /// What is served under that path.
    func resource(
        group: String,
        version: String,
        plural: String
    ) async throws(SandboxStatus) -> SandboxResource {
        let found = try await resources().first { resource in
            resource.group == group && resource.plural == plural
                && resource.versions.contains(version)
        }
        guard let found else { throw .noSuchResource }
        return found
    }

    /// A page of the cluster's records.
    ///
    /// - Throws: `.notFound` where there is no such cluster.
    func page(_ query: SandboxQuery) async throws(SandboxStatus) -> SandboxPage {
        let page = try await asking { () async throws(SandboxOutage) in
            try await server.records.list(query, in: name)
        }
        guard let page else { throw .noSuchCluster(name) }
        return page
    }

    /// Where the cluster stands.
    ///
    /// - Throws: `.notFound` where there is no such cluster.
    func head() async throws(SandboxStatus) -> SandboxHead {
        let head = try await asking { () async throws(SandboxOutage) in
            try await server.records.head(of: name)
        }
        guard let head else { throw .noSuchCluster(name) }
        return head
    }
}

extension SandboxStatus {
    /// No cluster has that name.
    static func noSuchCluster(_ name: String) -> SandboxStatus {
        SandboxStatus(.notFound, "there is no sandbox cluster \(name)")
    }
}

extension SandboxObject {
    /// The object of a record.
    init(_ record: SandboxRecord) throws(SandboxStatus) {
        do throws(JSONFault) {
            let value = try JSON.parse(record.body, limits: .document)
            self.init(value.object ?? JSONObject())
        } catch {
            throw SandboxStatus(.internalError, "a stored object cannot be read: \(error)")
        }
        metadata["resourceVersion"] = .string(String(record.revision))
    }

    /// As it is kept: without its resourceVersion.
    var stored: [UInt8] {
        var object = self
        object.metadata["resourceVersion"] = nil
        return JSON.object(object.json).serialized()
    }

    /// The object as another version of its kind; only the name of the version differs.
    func served(as apiVersion: String) -> SandboxObject {
        var object = self
        object.json["apiVersion"] = .string(apiVersion)
        return object
    }
}

extension SandboxCluster {
    /// The version of a cluster without nodes.
    private static let usualVersion = "v1.34.0"

    /// What `/version` says: the version of the newest node, because the control plane goes ahead.
    func versionText() async throws(SandboxStatus) -> JSON {
        let versions = try await list(SandboxKind("Node")).compactMap { node in
            node.status["nodeInfo"]?["kubeletVersion"]?.string
        }
        func numbers(_ version: String) -> [Int] {
            version.drop { $0 == "v" }.prefix { $0 != "+" && $0 != "-" }
                .split(separator: ".").map { Int($0) ?? 0 }
        }
        let newest = versions.max { numbers($0).lexicographicallyPrecedes(numbers($1)) }
        let version = newest ?? Self.usualVersion
        let parts = numbers(version) + [0, 0]
        let plain = version.hasPrefix("v") ? version : "v\(version)"
        return [
            "major": .string(String(parts[0])), "minor": .string(String(parts[1])),
            "gitVersion": .string("\(plain)+slipway-sandbox"), "gitCommit": "slipway-sandbox",
            "gitTreeState": "clean", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none",
            "compiler": "swift", "platform": "slipway/sandbox",
        ]
    }
}
