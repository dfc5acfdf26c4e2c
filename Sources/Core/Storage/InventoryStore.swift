package import Domain
import Postgres

/// What drivers made for tenants outside of this database.
package struct InventoryStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// One thing that a driver made.
    package struct Item: Sendable, Hashable {
        /// The driver, such as `gitops`.
        package var driver: String
        /// The driver's word for the kind of thing, such as `repository`.
        package var kind: String
        /// The driver's name for the thing, unique for its kind.
        package var name: String
        /// What the driver needs to find it again: the text of a JSON object.
        package var detail: [UInt8]

        /// A thing of that name.
        package init(
            driver: String,
            kind: String,
            name: String,
            detail: [UInt8] = Array("{}".utf8)
        ) {
            self.driver = driver
            self.kind = kind
            self.name = name
            self.detail = detail
        }
    }

    /// Notes things, before they are made: what is noted and absent harms nobody.
    package func note(_ items: [Item], of tenant: TenantID) async throws(StorageFault) {
        try await write(
            items.map { item in
                """
                INSERT INTO inventory (tenant_id, driver, kind, name, detail)
                VALUES (
                    \(tenant), \(item.driver), \(item.kind), \(item.name),
                    \(Document(item.detail)))
                ON CONFLICT (tenant_id, driver, kind, name)
                   DO UPDATE SET detail = excluded.detail
                """
            }
        )
    }

    /// Forgets things that are seen to be gone.
    package func forget(_ items: [Item], of tenant: TenantID) async throws(StorageFault) {
        try await write(
            items.map { item in
                """
                DELETE FROM inventory
                 WHERE tenant_id = \(tenant) AND driver = \(item.driver)
                   AND kind = \(item.kind) AND name = \(item.name)
                """
            }
        )
    }

    private func write(_ statements: [SQL]) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(all: statements)
        }
    }

    /// Everything that a driver noted for a tenant, by kind and name; all drivers and all kinds for
    /// nil.
    package func items(
        of tenant: TenantID,
        driver: String? = nil,
        kind: String? = nil
    ) async throws(StorageFault) -> [Item] {
        var conditions: [SQL] = ["tenant_id = \(tenant)"]
        if let driver { conditions.append("driver = \(driver)") }
        if let kind { conditions.append("kind = \(kind)") }
        let sql: SQL = """
            SELECT driver, kind, name, detail FROM inventory
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY driver, kind, name
            """
        return try await translating { () async throws(DatabaseFault) in
            var items: [Item] = []
            for row in try await database.read(sql) {
                items.append(
                    Item(
                        driver: try row.decode(0),
                        kind: try row.decode(1),
                        name: try row.decode(2),
                        detail: try row.decode(3)
                    )
                )
            }
            return items
        }
    }
}
