import JSON

extension SandboxCluster {
    /// Every kind that the cluster serves.
    func resources() async throws(SandboxStatus) -> [SandboxResource] {
        let custom = try await asking { () async throws(SandboxOutage) in
            try await server.customKinds.resources(of: name, in: server.records)
        }
        let builtIn = KindTable.kinds(of: name)
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

    /// The object of a record; nil where there is none.
    func object(_ record: SandboxRecord?) throws(SandboxStatus) -> SandboxObject? {
        guard let record else { return nil }
        return try SandboxObject(record)
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
