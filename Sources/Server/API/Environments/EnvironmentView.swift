import Domain
import JSON
import Storage

/// How the API shows an environment, whether it comes from a row or from a decision.
enum EnvironmentView {
    static func bytes(_ environment: StoredEnvironment) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        write(&writer, environment)
        return writer.finish()
    }

    static func bytes(_ environment: Environment) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        writer.resource(
            id: environment.id.bytes,
            name: environment.name.text,
            generation: environment.generation,
            createdAt: environment.createdAt,
            updatedAt: environment.updatedAt,
            labels: environment.labels.write,
            spec: environment.spec.write,
            status: environment.status.write,
            more: { writer in
                writer.member("tenant", environment.tenantName.text)
                writer.key("dependents")
                writer.array(environment.dependents) { $0.string($1.text) }
            }
        )
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(_ writer: inout JSONWriter, _ environment: StoredEnvironment) {
        writer.resource(
            id: environment.id.bytes,
            name: environment.name,
            generation: environment.generation,
            createdAt: environment.createdAt,
            updatedAt: environment.updatedAt,
            labels: { $0.raw(environment.labels) },
            spec: { $0.raw(environment.spec) },
            status: { $0.raw(environment.status) },
            more: { writer in
                writer.member("tenant", environment.tenantName)
                writer.key("dependents")
                writer.array(environment.dependents) { $0.string($1) }
            }
        )
    }

    /// The environment as it is now; nil where it is gone.
    static func current(_ id: EnvironmentID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.environments.find(id, as: call.access)
        return found.map { .resource(bytes($0), revision: $0.revision) }
    }
}

extension Environment {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
