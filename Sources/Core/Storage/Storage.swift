package import Postgres

/// Everything that is kept, one store for each aggregate.
///
/// Every function takes the caller's access and filters by it in SQL: what is absent and what is
/// forbidden look the same. Every change is one transaction with its job, event, audit entry and
/// receipt.
package struct Storage: Sendable {
    /// The database behind the stores.
    package let database: Database

    package init(_ database: Database) {
        self.database = database
    }

    package var tenants: TenantStore { TenantStore(database) }
    package var blueprints: BlueprintStore { BlueprintStore(database) }
    package var versions: BlueprintVersionStore { BlueprintVersionStore(database) }
    package var jobs: JobStore { JobStore(database) }
    package var events: EventStore { EventStore(database) }
    package var audit: AuditStore { AuditStore(database) }
    package var tokens: TokenStore { TokenStore(database) }
    package var receipts: ReceiptStore { ReceiptStore(database) }
    package var inventory: InventoryStore { InventoryStore(database) }
    package var settings: SettingStore { SettingStore(database) }
}
