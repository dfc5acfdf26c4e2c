import Domain
import JSON
import Kubernetes
import Testing

@testable import Clusters

@Suite struct ClusterLedgerTests {
    private let now = Instant(microseconds: 1_000_000)
    private let acme = FleetMember(
        id: ClusterID(high: 1, low: 1),
        slug: ClusterSlug(stored: "acme-main"),
        kind: .vcluster,
        revision: 1
    )

    private func object(
        _ kind: String,
        _ name: String,
        in namespace: String?,
        uid: String = "1"
    ) throws -> KubernetesObject {
        var metadata: JSONObject = ["name": .string(name), "uid": .string(uid)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        return try KubernetesObject([
            "apiVersion": "v1", "kind": .string(kind), "metadata": .object(metadata),
        ])
    }

    @Test func `what changes in a cluster's namespace makes the cluster due, once`() throws {
        var ledger = ClusterLedger()
        ledger.take([acme])
        #expect(ledger.due(atMost: 10, at: now).map(\.member) == [acme])
        ledger.take([.updated(try object("Service", "a", in: "t-acme-main"))])
        ledger.take([.updated(try object("Service", "b", in: "t-acme-main"))])
        let due = ledger.due(atMost: 10, at: now)
        #expect(due.map(\.objects.count) == [2])
        #expect(ledger.due(atMost: 10, at: now).isEmpty)
    }

    @Test func `what belongs to no cluster is not kept`() throws {
        var ledger = ClusterLedger()
        ledger.take([acme])
        ledger.take([
            .updated(try object("Service", "a", in: "kube-system")),
            .updated(try object("Node", "t-acme-main", in: nil)),
        ])
        #expect(ledger.objectCount == 0)
    }

    @Test func `the namespace itself belongs to its cluster`() throws {
        var ledger = ClusterLedger()
        ledger.take([acme])
        ledger.take([.updated(try object("Namespace", "t-acme-main", in: nil))])
        #expect(ledger.due(atMost: 10, at: now).map(\.objects.count) == [1])
    }

    @Test func `an application of Argo CD belongs to the cluster that its labels name`() throws {
        var ledger = ClusterLedger()
        ledger.take([acme])
        ledger.take([
            .updated(
                try KubernetesObject([
                    "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                    "metadata": [
                        "name": "acme-main", "namespace": "argocd", "uid": "1",
                        "labels": ["slipway.dev/tenant": "acme", "slipway.dev/cluster": "main"],
                    ],
                ])
            )
        ])
        #expect(ledger.due(atMost: 10, at: now).map(\.objects.count) == [1])
    }

    @Test func `an object that was made again outlives the news of its end`() throws {
        var ledger = ClusterLedger()
        ledger.take([acme])
        ledger.take([
            .updated(try object("Service", "a", in: "t-acme-main", uid: "2")),
            .removed(try object("Service", "a", in: "t-acme-main", uid: "1")),
        ])
        #expect(ledger.objectCount == 1)
        ledger.take([.removed(try object("Service", "a", in: "t-acme-main", uid: "2"))])
        #expect(ledger.objectCount == 0)
    }

    @Test func `objects that came before their cluster are told with it`() throws {
        var ledger = ClusterLedger()
        ledger.take([.updated(try object("Service", "a", in: "t-acme-main"))])
        #expect(ledger.due(atMost: 10, at: now).isEmpty)
        ledger.take([acme])
        #expect(ledger.due(atMost: 10, at: now).map(\.objects.count) == [1])
    }

    @Test func `a cluster that changed is due, one that is gone is not`() {
        var ledger = ClusterLedger()
        ledger.take([acme])
        _ = ledger.due(atMost: 10, at: now)
        let changed = FleetMember(id: acme.id, slug: acme.slug, kind: acme.kind, revision: 2)
        ledger.take([changed])
        #expect(ledger.due(atMost: 10, at: now).map(\.member) == [changed])
        ledger.touchAll()
        ledger.take([FleetMember]())
        #expect(ledger.due(atMost: 10, at: now).isEmpty)
    }

    @Test func `a turn takes no more than it can do`() {
        var ledger = ClusterLedger()
        ledger.take(
            (1...5).map { number in
                FleetMember(
                    id: ClusterID(high: 1, low: number),
                    slug: ClusterSlug(stored: "acme-\(number)"),
                    kind: .namespace,
                    revision: 1
                )
            }
        )
        #expect(ledger.due(atMost: 3, at: now).count == 3)
        #expect(ledger.due(atMost: 3, at: now).count == 2)
    }
    @Test func `a cluster is left alone for a while after a look, and nobody is passed over`() {
        var ledger = ClusterLedger()
        let other = FleetMember(
            id: ClusterID(high: 1, low: 2),
            slug: ClusterSlug(stored: "zoo-main"),
            kind: .namespace,
            revision: 1
        )
        ledger.take([acme, other])
        let pause = Duration.seconds(1)
        #expect(ledger.due(atMost: 1, at: now, pause: pause).map(\.member) == [acme])
        ledger.touch(acme)
        #expect(ledger.due(atMost: 2, at: now, pause: pause).map(\.member) == [other])
        ledger.touchAll()
        #expect(ledger.due(atMost: 2, at: now, pause: pause).isEmpty)
        let later = now.advanced(by: pause)
        #expect(ledger.due(atMost: 2, at: later, pause: pause).map(\.member) == [acme, other])
    }
}
