import Domain
import JSON
import Storage

/// How the API shows a service, whether it comes from a row or from a decision.
enum ServiceView {
    static func bytes(_ service: StoredService) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        write(&writer, service)
        return writer.finish()
    }

    static func bytes(_ service: ServiceInstance) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        writer.resource(
            id: service.id.bytes,
            name: service.name.text,
            generation: service.generation,
            createdAt: service.createdAt,
            updatedAt: service.updatedAt,
            labels: service.labels.write,
            spec: service.spec.write,
            status: service.status.write,
            more: { writer in
                writer.member("tenant", service.tenantName.text)
                writer.key("dependents")
                writer.array(service.bindings) { $0.string($1.text) }
            }
        )
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(_ writer: inout JSONWriter, _ service: StoredService) {
        writer.resource(
            id: service.id.bytes,
            name: service.name,
            generation: service.generation,
            createdAt: service.createdAt,
            updatedAt: service.updatedAt,
            labels: { $0.raw(service.labels) },
            spec: { $0.raw(service.spec) },
            status: { $0.raw(service.status) },
            more: { writer in
                writer.member("tenant", service.tenantName)
                writer.key("dependents")
                writer.array(service.bindings) { $0.string($1) }
            }
        )
    }

    /// The service as it is now; nil where it is gone.
    static func current(_ id: ServiceInstanceID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.services.find(id, as: call.access)
        return found.map { .resource(bytes($0), revision: $0.revision) }
    }
}

extension ServiceInstance {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
