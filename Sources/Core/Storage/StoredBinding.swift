package import Domain
import JSON
import Postgres

/// A binding as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredBinding: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: BindingID
    /// The service.
    package let service: ServiceInstanceID
    /// The name of that service.
    package let serviceName: String
    /// The tenant.
    package let tenant: TenantID
    /// The name of that tenant.
    package let tenantName: String
    /// The name, unique within the service.
    package let name: String
    /// The text of a JSON object.
    package let labels: [UInt8]
    /// The text of a JSON object.
    package let spec: [UInt8]
    /// The text of a JSON object.
    package let status: [UInt8]
    /// Goes up with every change of the spec, from 1.
    package let generation: Int64
    /// Goes up with every change of anything, from 1.
    package let revision: Int64
    /// When it was made.
    package let createdAt: Domain.Instant
    /// When it last changed.
    package let updatedAt: Domain.Instant

    static let columns: SQL = """
        id, service_id, service_name, tenant_id, tenant_name, name, labels, spec, status,
        generation, revision, created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        service = try row.next()
        serviceName = try row.next()
        tenant = try row.next()
        tenantName = try row.next()
        name = try row.next()
        labels = try row.next()
        spec = try row.next()
        status = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    /// The place of the binding in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The binding as the domain knows it.
    package func binding() throws(StorageFault) -> ServiceBinding {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? BindingName(parsing: name),
                // The same.
                let serviceName = try? ServiceInstanceName(parsing: serviceName),
                // The same.
                let tenantName = try? TenantName(parsing: tenantName)
            else { throw DocumentFault(member: "name") }
            return ServiceBinding(
                id: id,
                service: service,
                serviceName: serviceName,
                tenant: tenant,
                tenantName: tenantName,
                name: name,
                labels: try Labels(reading: labels),
                spec: try BindingSpec(reading: spec),
                status: try BindingStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
