import Domain
import JSON
import Storage

/// How the API shows a tenant, whether it comes from a row or from a decision.
enum TenantView {
    /// Bytes of a common tenant, so that the writer grows once.
    private static let sizeUsual = 1_024

    static func bytes(_ tenant: StoredTenant) -> [UInt8] {
        var writer = JSONWriter(reserving: sizeUsual + tenant.spec.count + tenant.status.count)
        write(&writer, tenant)
        return writer.finish()
    }

    static func bytes(_ tenant: Tenant) -> [UInt8] {
        var writer = JSONWriter(reserving: sizeUsual)
        write(&writer, tenant)
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(_ writer: inout JSONWriter, _ tenant: StoredTenant) {
        writer.resource(
            id: tenant.id.bytes,
            name: tenant.name,
            generation: tenant.generation,
            createdAt: tenant.createdAt,
            updatedAt: tenant.updatedAt,
            labels: { $0.raw(tenant.labels) },
            spec: { $0.raw(tenant.spec) },
            status: { $0.raw(tenant.status) }
        )
    }

    static func write(_ writer: inout JSONWriter, _ tenant: Tenant) {
        writer.resource(
            id: tenant.id.bytes,
            name: tenant.name.text,
            generation: tenant.generation,
            createdAt: tenant.createdAt,
            updatedAt: tenant.updatedAt,
            labels: tenant.labels.write,
            spec: tenant.spec.write,
            status: tenant.status.write
        )
    }
}
