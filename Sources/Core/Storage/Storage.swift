package import Postgres

/// Everything that is kept, one store for each aggregate.
///
/// Every function takes the caller's access and filters by it in SQL: what is absent and what is
/// forbidden look the same. Every change is one transaction with its job, event, audit entry and
/// receipt.
package struct Storage: Sendable {
    /// The database behind the stores.
    package let database: Database

    /// The stores of this database.
    package init(_ database: Database) {
        self.database = database
    }

    /// The tenants.
    package var tenants: TenantStore { TenantStore(database) }
    /// The blueprints.
    package var blueprints: BlueprintStore { BlueprintStore(database) }
    /// The versions of blueprints.
    package var versions: BlueprintVersionStore { BlueprintVersionStore(database) }
    /// The management clusters.
    package var managementClusters: ManagementClusterStore { ManagementClusterStore(database) }
    /// The cluster classes.
    package var clusterClasses: ClusterClassStore { ClusterClassStore(database) }
    /// The clusters of tenants.
    package var clusters: ClusterStore { ClusterStore(database) }
    /// The environments of tenants.
    package var environments: EnvironmentStore { EnvironmentStore(database) }
    /// The services of tenants.
    package var services: ServiceStore { ServiceStore(database) }
    /// The bindings of services.
    package var bindings: BindingStore { BindingStore(database) }
    /// What platforms asked for through Open Service Broker.
    package var broker: BrokerStore { BrokerStore(database) }
    /// The records of roll-outs.
    package var deployments: DeploymentStore { DeploymentStore(database) }
    /// The plans for environments.
    package var plans: PlanStore { PlanStore(database) }
    /// The jobs, as people see them.
    package var jobs: JobStore { JobStore(database) }
    /// The event log.
    package var events: EventStore { EventStore(database) }
    /// The audit log.
    package var audit: AuditStore { AuditStore(database) }
    /// The access tokens.
    package var tokens: TokenStore { TokenStore(database) }
    /// Which pipelines get tokens.
    package var trusts: TrustStore { TrustStore(database) }
    /// The first answers to repeated calls.
    package var receipts: ReceiptStore { ReceiptStore(database) }
    /// The webhooks.
    package var webhooks: WebhookStore { WebhookStore(database) }
    /// The forges.
    package var forges: ForgeStore { ForgeStore(database) }
    /// The sources of tenants.
    package var sources: SourceStore { SourceStore(database) }
    /// What forges delivered.
    package var hooks: HookStore { HookStore(database) }
    /// The software catalog.
    package var catalog: CatalogStore { CatalogStore(database) }
    /// Where entities of the catalog come from.
    package var locations: LocationStore { LocationStore(database) }
    /// How entities of the catalog stand by scorecards.
    package var scorecards: ScorecardStore { ScorecardStore(database) }
    /// What drivers made outside of the database.
    package var inventory: InventoryStore { InventoryStore(database) }
    /// The settings of the installation.
    package var settings: SettingStore { SettingStore(database) }
    /// The objects of the sandbox's clusters.
    package var sandbox: SandboxStore { SandboxStore(database) }
}
