package import Domain
import Postgres

extension BindingStore {
    /// The binding through which the consumer has a Secret of the same name; nil where there is
    /// none, or no Secret.
    package func holder(
        of binding: ServiceBinding
    ) async throws(StorageFault) -> SecretHolder? {
        try await translating { () async throws(DatabaseFault) in
            guard let query = Self.holders(of: binding) else { return nil }
            return try await Self.holder(in: database.read(query), of: binding.secretName)
        }
    }

    /// Refuses a binding whose Secret the consumer has through another one; of two at once the
    /// later one sees the earlier.
    ///
    /// - Throws: `.serviceRefused` with the other one.
    static func admitSecret(
        of binding: ServiceBinding,
        in transaction: Transaction
    ) async throws {
        guard let query = holders(of: binding) else { return }
        let name = "\(binding.tenant)/\(binding.secretName)"
        let answers = try await transaction.execute(all: [
            // Two keys: no other lock is named like it. An order goes on to lock rows of services
            // behind it; PostgreSQL breaks a deadlock, and the transaction is repeated.
            """
            SELECT pg_advisory_xact_lock(
                'service_binding'::regclass::oid::integer, hashtext(\(name)))
            """,
            query,
        ])
        guard let holder = try holder(in: answers[1], of: binding.secretName) else { return }
        throw StorageFault.serviceRefused(.secretTaken(holder))
    }

    private static func holder(
        in rows: Rows,
        of secret: String
    ) throws(DatabaseFault) -> SecretHolder? {
        guard let row = rows.first,
            let service = ServiceInstanceName.names(in: [try row.decode(0)]).first,
            let binding = BindingName.names(in: [try row.decode(1)]).first
        else { return nil }
        return SecretHolder(
            service: service,
            binding: binding,
            secret: secret,
            isRevoking: try row.decode(2)
        )
    }

    /// Bindings that have that Secret where the consumer is; nil where there is none.
    ///
    /// An environment is where it is going to be, also before it has its place, so that it is told
    /// apart from no namespace that somebody names.
    private static func holders(of binding: ServiceBinding) -> SQL? {
        let place: SQL
        switch binding.spec.delivery {
        case .answer: return nil
        case .namespace(let cluster, let namespace):
            let text = "\(cluster)/\(namespace)"
            place = "\(text)"
        case .environment(let name):
            place = """
                (SELECT \(placeOfEnvironment)
                   FROM environment e
                   LEFT JOIN cluster c ON c.tenant_id = e.tenant_id AND c.name = e.cluster
                  WHERE e.tenant_id = \(binding.tenant) AND e.name = \(name.text))
                """
        }
        return """
            SELECT b.service_name, b.name, b.phase = 'revoking'
              FROM service_binding b
              LEFT JOIN environment e ON e.tenant_id = b.tenant_id AND e.name = b.environment
              LEFT JOIN cluster c ON c.tenant_id = e.tenant_id AND c.name = e.cluster
             WHERE b.tenant_id = \(binding.tenant) AND b.id <> \(binding.id)
               AND coalesce(b.spec ->> 'secret', b.service_name || '-' || b.name)
                   = \(binding.secretName) COLLATE "C"
               AND coalesce(
                   \(placeOfEnvironment),
                   (b.spec #>> '{consumer,cluster}') || '/' || (b.spec #>> '{consumer,namespace}'))
                   = \(place) COLLATE "C"
             ORDER BY b.id
             LIMIT 1
            """
    }

    private static var placeOfEnvironment: SQL {
        """
        e.cluster || '/' || coalesce(
            e.status ->> 'namespace',
            CASE c.kind WHEN 'namespace' THEN \(ClusterSlug.prefix) || c.slug
                        ELSE \(Environment.namespacePrefix) || e.name END)
        """
    }
}
