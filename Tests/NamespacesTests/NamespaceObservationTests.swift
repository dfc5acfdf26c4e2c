import Domain
import JSON
import Namespaces
import TestSupport
import Testing

@Suite struct NamespaceObservationTests {
    private let driver = NamespaceDriver()
    private let now = WishSample.moment.advanced(by: .seconds(60))

    private func look(
        _ objects: [JSON],
        at now: Instant? = nil,
        change: (inout ClusterWish) -> Void = { $0.platform = nil }
    ) throws -> ClusterObservation {
        driver.observe(
            objects.compactMap(\.object),
            events: [],
            for: try WishSample.wish(.namespace, change: change),
            at: now ?? self.now
        )
    }

    private func namespace(_ extra: JSON = [:], phase: String = "Active") -> JSON {
        var metadata = extra.object ?? JSONObject()
        metadata["name"] = "t-acme-main"
        metadata["uid"] = "u1"
        metadata["creationTimestamp"] = .string("\(WishSample.moment)")
        return [
            "apiVersion": "v1", "kind": "Namespace", "metadata": .object(metadata),
            "status": ["phase": .string(phase)],
        ]
    }

    private func fence(used: String = "3") -> [JSON] {
        let names = ["default-deny", "dns", "same", "ingress", "internet"]
        let policies = names.map { name -> JSON in
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": ["name": .string(name)],
            ]
        }
        return policies + [
            [
                "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "slipway"],
                "status": ["hard": ["pods": "100"], "used": ["pods": .string(used)]],
            ]
        ]
    }

    @Test func `before anything is there it waits for the delivery`() throws {
        let seen = try look([])
        #expect(seen.rootUID == nil)
        #expect(!seen.isReady)
        #expect(seen.waiting?.on == "the cluster's objects to be applied")
        #expect(seen.waiting?.since == WishSample.moment)
    }

    @Test func `with its fence it is ready, reachable and of the host's version`() throws {
        let seen = try look([namespace()] + fence())
        #expect(seen.isReady)
        #expect(seen.isReachable)
        #expect(seen.waiting == nil)
        #expect(seen.controlPlaneVersion == "1.36.2")
        #expect(seen.conditions.last?.type == "Ready")
    }

    @Test func `without its fence it is not ready, and after a while overdue`() throws {
        let early = try look([namespace()])
        #expect(early.waiting?.on.contains("quota") == true)
        let late = try look([namespace()], at: now.advanced(by: .seconds(600))) {
            $0.platform = nil
            $0.cluster.status.seen = early
        }
        #expect(late.conditions.contains { $0.type == "Fenced" && $0.reason == "Overdue" })
    }

    @Test func `an exhausted quota says what is used up`() throws {
        let seen = try look([namespace()] + fence(used: "100"))
        let quota = try #require(seen.conditions.first { $0.type == "WithinQuota" })
        #expect(quota.reason == "QuotaExhausted")
        #expect(quota.message.contains("pods (100 of 100)"))
    }

    @Test func `a deletion names the object and the finalizer that hold it up`() throws {
        let gone = namespace(
            ["deletionTimestamp": .string("\(WishSample.moment)"), "finalizers": ["kubernetes"]],
            phase: "Terminating"
        )
        let claim: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": "held", "uid": "u2", "finalizers": ["example.com/keep"],
                "deletionTimestamp": .string("\(WishSample.moment)"),
            ],
        ]
        let seen = try look([gone, claim])
        #expect(seen.isDeleting)
        #expect(seen.waiting?.on == "ConfigMap/held to give up its finalizer example.com/keep")
        let late = try look([gone, claim], at: WishSample.moment.advanced(by: .seconds(1_900)))
        #expect(late.conditions.first?.reason == "Overdue")
    }

    @Test func `a platform repository without the folder has nothing to apply`() throws {
        let seen = try look(
            [
                namespace(),
                [
                    "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
                    "metadata": ["name": "platform", "generation": 1],
                    "status": [
                        "observedGeneration": 1,
                        "conditions": [["type": "Ready", "status": "True"]],
                    ],
                ],
                [
                    "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
                    "metadata": ["name": "platform", "generation": 1],
                    "status": [
                        "observedGeneration": 1,
                        "conditions": [
                            [
                                "type": "Ready", "status": "False", "reason": "ArtifactFailed",
                                "message": "kustomization path not found: stat /tmp/x",
                            ]
                        ],
                    ],
                ],
            ] + fence()
        ) { _ in }
        let synced = try #require(seen.conditions.first { $0.type == "PlatformSynced" })
        #expect(synced.status == .unknown)
        #expect(synced.reason == "NothingToApply")
    }

    @Test func `a platform repository that fails is told without credentials`() throws {
        let seen = try look(
            [
                namespace(),
                [
                    "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
                    "metadata": ["name": "platform", "generation": 1],
                    "status": [
                        "observedGeneration": 1,
                        "conditions": [
                            [
                                "type": "Ready", "status": "False",
                                "reason": "AuthenticationFailed",
                                "message": "https://bot:s3cret@git.example.com/x: denied",
                            ]
                        ],
                    ],
                ],
                [
                    "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
                    "metadata": ["name": "platform"],
                ],
            ] + fence()
        ) { _ in }
        let synced = try #require(seen.conditions.first { $0.type == "PlatformSynced" })
        #expect(synced.reason == "RepositoryDenied")
        #expect(!synced.message.contains("s3cret"))
        #expect(seen.isReady)
    }
}
