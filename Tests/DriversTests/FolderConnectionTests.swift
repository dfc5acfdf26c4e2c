import Contract
import Domain
import Drivers
import JSON
import TestSupport
import Testing

/// What applies an environment, and what is read from it.
@Suite struct FolderConnectionTests {
    private static let folder = DeliveredFolder.environment(EnvironmentName("pr-7"))
    private static let secret = SecretKey(name: "acme-main-kubeconfig", key: "value")

    private static func object(
        _ kind: ClusterKind,
        _ engine: ManagementClusterSpec.Engine = .flux,
        change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> JSON {
        let wish = try WishSample.wish(kind) { wish in
            wish.features.hasFlux = engine == .flux
            change(&wish)
        }
        return try FolderConnection(
            of: folder,
            in: "e-pr-7",
            of: wish,
            from: .platform(kind == .namespace ? nil : secret),
            isSuspended: false
        ).object
    }

    @Test func `Flux applies an environment's folder beside the platform's`() throws {
        let object = try Self.object(.vcluster)
        #expect(object["kind"] == "Kustomization")
        #expect(object["metadata"]?["name"] == "env-pr-7")
        #expect(object.at("metadata", "labels", "slipway.dev/environment") == "pr-7")
        let spec = try #require(object["spec"])
        #expect(spec["path"] == "./environments/pr-7")
        #expect(spec["targetNamespace"] == "e-pr-7")
        #expect(spec["prune"] == true)
        #expect(spec["sourceRef"]?["name"] == "platform")
        #expect(spec.at("kubeConfig", "secretRef", "name") == "acme-main-kubeconfig")
        #expect(spec["serviceAccountName"] == nil)
    }

    @Test func `in a namespace it is applied with the rights of the tenant alone`() throws {
        let spec = try #require(try Self.object(.namespace)["spec"])
        #expect(spec["kubeConfig"] == nil)
        #expect(spec["serviceAccountName"] == "platform")
        let application = try Self.object(.namespace, .argocd)
        #expect(application.at("spec", "project") == "acme-main-platform")
    }

    @Test func `a cluster that does not read the platform repository is refused`() {
        #expect(throws: ProviderFault.self) {
            try Self.object(.vcluster) { $0.platform = nil }
        }
    }

    @Test(arguments: ClusterKind.allCases, [ManagementClusterSpec.Engine.flux, .argocd])
    func `the object is found where it is applied`(
        _ kind: ClusterKind,
        _ engine: ManagementClusterSpec.Engine
    ) throws {
        let object = try Self.object(kind, engine)
        let wish = try WishSample.wish(kind) { $0.features.hasFlux = engine == .flux }
        let key = try #require(FolderConnection.key(of: Self.folder, in: wish))
        #expect(object["metadata"]?["name"]?.string == key.name)
        #expect(object["metadata"]?["namespace"]?.string == key.namespace)
        #expect(object["kind"]?.string == key.kind)
    }

    @Test func `what Flux has applied is read from its inventory`() throws {
        let object: JSONObject = [
            "kind": "Kustomization",
            "metadata": ["name": "env-pr-7", "generation": 2],
            "status": [
                "observedGeneration": 2, "lastAppliedRevision": "main@sha1:abc",
                "inventory": [
                    "entries": [
                        ["id": "e-pr-7_app_apps_Deployment", "v": "v1"],
                        ["id": "_e-pr-7__Namespace", "v": "v1"],
                        ["id": "_a__b_rbac.authorization.k8s.io_ClusterRole", "v": "v1"],
                        ["id": "nothing"],
                    ]
                ],
            ],
        ]
        let reading = FolderReading(SeenObject(object), reading: nil, of: Self.folder)
        #expect(reading.revision == "main@sha1:abc")
        #expect(reading.fault == nil)
        #expect(
            reading.inventory == [
                .init(group: "apps", kind: "Deployment", namespace: "e-pr-7", name: "app"),
                .init(group: "", kind: "Namespace", namespace: nil, name: "e-pr-7"),
                .init(
                    group: "rbac.authorization.k8s.io",
                    kind: "ClusterRole",
                    namespace: nil,
                    name: "a:b"
                ),
            ]
        )
    }

    @Test func `a status that speaks of an older wish says nothing of this one`() {
        let object: JSONObject = [
            "kind": "Kustomization",
            "metadata": ["name": "env-pr-7", "generation": 3],
            "status": [
                "observedGeneration": 2, "lastAppliedRevision": "main@sha1:abc",
                "conditions": [
                    ["type": "Ready", "status": "False", "reason": "BuildFailed", "message": "x"]
                ],
            ],
        ]
        let reading = FolderReading(SeenObject(object), reading: nil, of: Self.folder)
        #expect(reading.revision == nil)
        #expect(reading.fault == nil)
    }

    @Test(arguments: [("BuildFailed", true), ("ReconciliationFailed", false)])
    func `what cannot be built is final, what cannot be applied may pass`(
        _ reason: String,
        _ isFinal: Bool
    ) {
        let object: JSONObject = [
            "kind": "Kustomization",
            "metadata": ["name": "env-pr-7", "generation": 1],
            "status": [
                "observedGeneration": 1,
                "conditions": [
                    [
                        "type": "Ready", "status": "False", "reason": .string(reason),
                        "message": "accumulating resources",
                    ]
                ],
            ],
        ]
        let fault = FolderReading(SeenObject(object), reading: nil, of: Self.folder).fault
        #expect(fault?.message == "accumulating resources")
        #expect(fault?.isFinal == isFinal)
    }
}
