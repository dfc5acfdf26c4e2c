import API
import Classes
import Domain
import JSON
import Secrets
import Storage

/// Gives a fresh installation a management cluster that needs nothing, the sandbox, and a class of
/// clusters that it plays.
struct SandboxSeed {
    /// The Kubernetes versions of the class, the newest for who names none.
    private static let versions = ["1.33.5", "1.34.2", "1.35.0"]

    private let services: Services

    init(_ services: Services) {
        self.services = services
    }

    /// Brings a sandbox that is used to what this version makes of it; without one, nothing.
    func prepare() async throws {
        for stored in try await services.storage.managementClusters.all() {
            let management = try stored.management()
            guard management.spec.connection == .sandbox else { continue }
            try await services.clusters.furniture.make(for: management)
        }
    }

    /// What the sandbox is called when nobody says otherwise.
    private static var name: ManagementClusterName {
        get throws { try ManagementClusterName(parsing: "sandbox") }
    }

    /// Registers both; an installation that has a management cluster or tenants stays as it is,
    /// and so does one where another process was faster.
    func plant() async throws {
        let known = try await services.storage.managementClusters.all()
        let tenants = try await services.storage.tenants.list(
            TenantQuery(ListQuery(limit: 1)),
            as: .system
        )
        guard known.isEmpty, tenants.items.isEmpty else { return }
        try await unlessThere(plantClass)
        try await unlessThere(plantManagement)
    }

    /// Does it, unless it is done: by another process, or by a start that did not get further.
    private func unlessThere(_ plant: () async throws -> Void) async throws {
        do {
            try await plant()
        } catch StorageFault.nameTaken {
            return
        } catch StorageFault.defaultTaken {
            return
        }
    }

    private func plantManagement() async throws {
        let now = Moment.now()
        var random = SecureRandom()
        let decision = ManagementCluster.creation(
            id: ManagementClusterID(at: now, using: &random),
            name: try Self.name,
            labels: Labels(),
            spec: ManagementClusterSpec(
                connection: .sandbox,
                delivery: .gitops,
                engine: .flux,
                isDefault: true
            ),
            on: Occasion(at: now, using: &random)
        )
        _ = try await services.storage.managementClusters.create(
            decision,
            kubeconfig: .remove,
            for: .system("seed", requestID: "start", at: now)
        )
    }

    private func plantClass() async throws {
        var members = JSONObject()
        members["description"] = "Machines that are only played; for trying things out."
        members["kubernetesVersions"] = .array(Self.versions.map { JSON.string($0) })
        let definition = JSON.object(members)
        let template = EmbeddedFiles.bytes("examples/cluster-classes/dev.yaml")
        let read = try ClassDefinition(parsing: definition)
        let parsed = try ClusterTemplate(parsing: template)
        let report = ClassRenderer(definition: read, template: parsed).report()
        let name = try ClusterClassName(parsing: "default")
        let now = Moment.now()
        var random = SecureRandom()
        let decision = ClusterClass.creation(
            id: ClusterClassID(at: now, using: &random),
            name: name,
            labels: Labels(),
            definition: definition.serialized(),
            template: String(decoding: template, as: UTF8.self),
            findings: ClusterClass.Findings(report, generation: 1),
            on: Occasion(at: now, using: &random)
        )
        _ = try await services.storage.clusterClasses.create(
            decision,
            for: .system("seed", requestID: "start", at: now)
        )
    }
}
