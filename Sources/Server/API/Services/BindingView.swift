import Domain
import JSON
import Storage

/// How the API shows a binding, whether it comes from a row or from a decision.
enum BindingView {
    static func bytes(_ binding: StoredBinding) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        write(&writer, binding)
        return writer.finish()
    }

    static func bytes(_ binding: ServiceBinding) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        writer.resource(
            id: binding.id.bytes,
            name: binding.name.text,
            generation: binding.generation,
            createdAt: binding.createdAt,
            updatedAt: binding.updatedAt,
            labels: binding.labels.write,
            spec: binding.spec.write,
            status: binding.status.write,
            more: { writer in
                writer.member("tenant", binding.tenantName.text)
                writer.member("service", binding.serviceName.text)
            }
        )
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(_ writer: inout JSONWriter, _ binding: StoredBinding) {
        writer.resource(
            id: binding.id.bytes,
            name: binding.name,
            generation: binding.generation,
            createdAt: binding.createdAt,
            updatedAt: binding.updatedAt,
            labels: { $0.raw(binding.labels) },
            spec: { $0.raw(binding.spec) },
            status: { $0.raw(binding.status) },
            more: { writer in
                writer.member("tenant", binding.tenantName)
                writer.member("service", binding.serviceName)
            }
        )
    }

    /// The binding as it is now; nil where it is gone.
    static func current(_ id: BindingID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.bindings.find(id, as: call.access)
        return found.map { .resource(bytes($0), revision: $0.revision) }
    }
}

extension ServiceBinding {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
