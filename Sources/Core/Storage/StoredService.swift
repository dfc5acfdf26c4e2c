package import Domain
import JSON
import Postgres

/// A service as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredService: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: ServiceInstanceID
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
    let terms: [UInt8]
    /// The text of a JSON object, which nobody is shown.
    let complete: [UInt8]
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
    /// The names of its bindings, those on their way out included.
    package let bindings: [String]

    static let columns: SQL = """
        id, tenant_id, tenant_name, name, labels, spec, terms, complete, status, generation,
        revision, created_at, updated_at,
        ARRAY(SELECT b.name FROM service_binding b
               WHERE b.service_id = service_instance.id ORDER BY b.name)
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        tenant = try row.next()
        tenantName = try row.next()
        name = try row.next()
        labels = try row.next()
        spec = try row.next()
        terms = try row.next()
        complete = try row.next()
        status = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        bindings = try row.next()
    }

    /// The place of the service in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The service as the domain knows it.
    package func service() throws(StorageFault) -> ServiceInstance {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let terms = try parsed(terms)
        let complete = try parsed(complete)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? ServiceInstanceName(parsing: name),
                // The same.
                let tenantName = try? TenantName(parsing: tenantName)
            else { throw DocumentFault(member: "name") }
            return ServiceInstance(
                id: id,
                tenant: tenant,
                tenantName: tenantName,
                name: name,
                labels: try Labels(reading: labels),
                spec: try ServiceSpec(reading: spec),
                terms: try ServiceTerms(reading: terms),
                complete: complete.object ?? JSONObject(),
                status: try ServiceStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt,
                bindings: BindingName.names(in: bindings)
            )
        }
    }
}
