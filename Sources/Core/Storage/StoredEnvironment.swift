package import Domain
import JSON
import Postgres

/// An environment as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredEnvironment: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: EnvironmentID
    /// The tenant that it belongs to.
    package let tenant: TenantID
    /// The name of that tenant.
    package let tenantName: String
    /// The name, unique within the tenant.
    package let name: String
    /// The text of a JSON object.
    package let labels: [UInt8]
    /// The text of a JSON object.
    package let spec: [UInt8]
    /// The text of a JSON object.
    package let status: [UInt8]
    /// When it ends; nil for never.
    package let expiresAt: Domain.Instant?
    /// When time next does something to it; nil for never.
    package let dueAt: Domain.Instant?
    /// Goes up with every change of the spec, from 1.
    package let generation: Int64
    /// Goes up with every change of anything, from 1.
    package let revision: Int64
    /// When it was made.
    package let createdAt: Domain.Instant
    /// When it last changed.
    package let updatedAt: Domain.Instant
    /// The names of the environments that depend on it.
    package let dependents: [String]

    static let columns: SQL = """
        id, tenant_id, tenant_name, name, labels, spec, status, expires_at, due_at, generation,
        revision, created_at, updated_at, needed_by
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        tenant = try row.next()
        tenantName = try row.next()
        name = try row.next()
        labels = try row.next()
        spec = try row.next()
        status = try row.next()
        expiresAt = try row.next()
        dueAt = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        dependents = try row.next()
    }

    /// The place of the environment in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The environment as the domain knows it.
    package func environment() throws(StorageFault) -> Environment {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? EnvironmentName(parsing: name),
                // The same.
                let tenantName = try? TenantName(parsing: tenantName)
            else { throw DocumentFault(member: "name") }
            return Environment(
                id: id,
                tenant: tenant,
                tenantName: tenantName,
                name: name,
                labels: try Labels(reading: labels),
                spec: try EnvironmentSpec(reading: spec),
                status: try EnvironmentStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt,
                dependents: EnvironmentName.names(in: dependents)
            )
        }
    }
}
