import Clusters
import Domain
import GitOps
import JSON
import Kubernetes
import Namespaces
import Sandbox
import Secrets
import Storage
import YAML

/// What stands in the sandbox's management cluster before anybody orders something: the roles that
/// an administrator would apply, and what plays Flux and Cluster API.
///
/// It is made when the sandbox is first used, and anew by a version that brings other things or for
/// a sandbox that is called or used otherwise; what was changed or removed meanwhile stays so.
struct SandboxFurniture {
    /// The setting that says what was made last.
    static let setting = "sandbox-furniture"

    let sandbox: SandboxServer
    let play: SandboxPlay
    let settings: SettingStore
    let layout: RepositoryLayout

    /// Makes it for the sandbox as it is registered, unless that was done.
    ///
    /// Two processes at once do it twice, which comes to the same.
    func make(for management: ManagementCluster) async throws {
        let roles = EmbeddedFiles.bytes("deploy/management-cluster.yaml")
        let engine = management.spec.engine ?? .flux
        let use = "\(Version.text) \(engine) \(management.name) \(layout.managementURL) "
        let mark = SHA256.hash(use.utf8 + roles)
        guard try await settings.value(of: Self.setting) != mark else { return }
        try await sandbox.cluster(SandboxServer.management).make()
        let client = KubernetesClient(
            transport: SandboxTransport(
                sandbox,
                cluster: SandboxServer.management,
                as: "slipway"
            )
        )
        for object in try YAML.documents(roles).compactMap(\.value.object) {
            let name = object["metadata"]?["name"]?.string ?? ""
            let isGiven =
                ManagementRight.givenRoles.contains(name) || name == TenantRoles.adminRules
            guard object["kind"] == "ClusterRole", isGiven else { continue }
            _ = try await client.apply(object, force: true)
        }
        let reader = SandboxReader(
            engine == .argocd ? .argocd : .flux,
            of: layout.managementURL,
            folder: RepositoryLayout.folder(of: management.name)
        )
        try await play.furnish(sandbox, reading: reader)
        try await settings.set(mark, as: Self.setting)
    }
}
