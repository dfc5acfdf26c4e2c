/// What a token may do: two roles on the whole platform, four inside one tenant.
package enum Role: String, Sendable, CaseIterable {
    case platformAdmin = "platform-admin"
    case platformViewer = "platform-viewer"
    case tenantAdmin = "tenant-admin"
    case developer = "developer"
    case viewer = "viewer"
    case ci = "ci"

    /// Whether the role is held in one tenant rather than on the platform.
    package var isTenantRole: Bool {
        switch self {
        case .platformAdmin, .platformViewer: false
        case .tenantAdmin, .developer, .viewer, .ci: true
        }
    }

    /// Everything that the role is allowed to do within its scope.
    package var permissions: Set<Permission> { Self.granted[self] ?? [] }

    /// The permissions of every role, put together once: each request asks several times.
    private static let granted = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, $0.definition) }
    )

    /// The most that a kubeconfig may allow which the role asks for; nil where it may ask for none.
    package var clusterRole: ClusterRole? {
        switch self {
        case .platformAdmin, .tenantAdmin: .admin
        case .developer, .ci: .developer
        case .viewer: .viewer
        case .platformViewer: nil
        }
    }

    private var definition: Set<Permission> {
        switch self {
        case .platformAdmin: Set(Permission.allCases)
        case .platformViewer:
            Permission.reading.union([.pullRepository, .readPlatform, .readManagementClusters])
        case .tenantAdmin:
            Permission.reading.union([
                .updateTenant, .controlJobs, .manageTokens, .pullRepository, .pushRepository,
                .createCluster, .updateCluster, .deleteCluster, .useCluster,
                .createEnvironment, .updateEnvironment, .deleteEnvironment, .lockEnvironment,
                .governEnvironment, .createService, .updateService, .deleteService, .bindService,
                .manageWebhooks, .manageSources, .approveSources, .readLogs,
                .manageTrusts, .writeCatalog,
            ])
        case .developer:
            [
                .readTenant, .readJobs, .controlJobs, .readEvents, .pullRepository,
                .pushRepository, .readClusters, .readClusterClasses, .useCluster,
                .readEnvironments, .createEnvironment, .updateEnvironment, .deleteEnvironment,
                .lockEnvironment, .readOfferings, .readServices, .createService, .updateService,
                .deleteService, .bindService, .readForges, .readSources, .approveSources, .readLogs,
                .readCatalog, .writeCatalog,
            ]
        case .viewer:
            [
                .readTenant, .readJobs, .readEvents, .pullRepository, .readClusters,
                .readClusterClasses, .useCluster, .readEnvironments, .readOfferings, .readServices,
                .readForges, .readSources, .readCatalog,
            ]
        case .ci:
            [
                .readTenant, .readJobs, .readEvents, .pullRepository, .pushRepository,
                .readClusters, .useCluster, .readEnvironments, .createEnvironment,
                .updateEnvironment, .deleteEnvironment, .readOfferings, .readServices,
                .createService, .updateService, .deleteService, .bindService, .readLogs,
                .readCatalog, .writeCatalog,
            ]
        }
    }
}

/// One thing that a caller may be allowed to do.
package enum Permission: String, Sendable, CaseIterable {
    case readTenant = "tenants:read"
    case createTenant = "tenants:create"
    case updateTenant = "tenants:update"
    case suspendTenant = "tenants:suspend"
    case deleteTenant = "tenants:delete"
    case setQuotas = "tenants:quotas"
    case readJobs = "jobs:read"
    case controlJobs = "jobs:control"
    case readEvents = "events:read"
    case readAudit = "audit:read"
    case readTokens = "tokens:read"
    case manageTokens = "tokens:manage"
    /// Reading too: an address may hold a secret of its receiver.
    case manageWebhooks = "webhooks:manage"
    case readBlueprints = "blueprints:read"
    case manageBlueprints = "blueprints:manage"
    case pullRepository = "repositories:pull"
    case pushRepository = "repositories:push"
    case readClusters = "clusters:read"
    case createCluster = "clusters:create"
    case updateCluster = "clusters:update"
    case deleteCluster = "clusters:delete"
    /// A short-lived kubeconfig, at most of the caller's own role.
    case useCluster = "clusters:kubeconfig"
    /// The kubeconfig that a cluster was made with.
    case administerCluster = "clusters:admin-kubeconfig"
    case readManagementClusters = "management-clusters:read"
    case manageManagementClusters = "management-clusters:manage"
    case readClusterClasses = "cluster-classes:read"
    case manageClusterClasses = "cluster-classes:manage"
    case readEnvironments = "environments:read"
    case createEnvironment = "environments:create"
    /// Refreshing, rolling out, extending, keeping, sleep and waking.
    case updateEnvironment = "environments:update"
    case deleteEnvironment = "environments:delete"
    /// Keeping roll-outs from beginning for a while.
    case lockEnvironment = "environments:lock"
    /// Deciding on who must approve and on freezes, and overriding them.
    case governEnvironment = "environments:govern"
    /// What programs write may hold what not everybody of a tenant should read.
    case readLogs = "environments:logs"
    case readOfferings = "offerings:read"
    case readServices = "services:read"
    case createService = "services:create"
    /// Changing, upgrading, pausing and resuming.
    case updateService = "services:update"
    case deleteService = "services:delete"
    /// Giving consumers access, rotating credentials and taking access away.
    case bindService = "services:bind"
    /// Which pipelines get tokens without a stored secret.
    case manageTrusts = "trusts:manage"
    case readForges = "forges:read"
    case manageForges = "forges:manage"
    case readSources = "sources:read"
    case manageSources = "sources:manage"
    /// Letting pull requests from forks run, and handling deliveries once more.
    case approveSources = "sources:approve"
    case readCatalog = "catalog:read"
    case writeCatalog = "catalog:write"
    /// By what entities are judged.
    case manageScorecards = "scorecards:manage"
    /// The management repository and the blueprint repositories.
    case readPlatform = "platform:read"
    case changePlatform = "platform:change"

    /// What looks and changes nothing.
    static let reading: Set<Permission> = [
        .readTenant, .readJobs, .readEvents, .readAudit, .readTokens, .readBlueprints,
        .readClusters, .readClusterClasses, .readEnvironments, .readOfferings, .readServices,
        .readForges, .readSources, .readCatalog,
    ]
}
