import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What callers get of clusters and management clusters beyond what all resources have.
    @Suite struct ClusterOperationTests {
        private static let acme = "/v1/tenants/acme/clusters"
        private static let admin = Platform.Holder(role: .tenantAdmin, tenant: "acme")

        @Test func `a tenant's admin makes, changes and removes a cluster`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(
                    .post,
                    Self.acme,
                    as: Self.admin,
                    json: #"{"name":"web"}"#
                )
                #expect(made.status == 202, "\(made.text)")
                #expect(made.json["spec"]?["kind"]?.string == "vcluster")
                #expect(made.json["placement"] == nil)
                let shown = try await platform.send(.get, "\(Self.acme)/web")
                #expect(shown.json["placement"]?["namespace"]?.string == "t-acme-web")
                let slept = try await platform.send(
                    .post,
                    "\(Self.acme)/web:sleep",
                    as: Self.admin
                )
                #expect(slept.status == 202 && slept.json["spec"]?["asleep"]?.bool == true)
                let again = try await platform.send(
                    .post,
                    "\(Self.acme)/web:sleep",
                    as: Self.admin
                )
                #expect(again.status == 200)
                let gone = try await platform.send(.delete, "\(Self.acme)/web", as: Self.admin)
                #expect(gone.status == 202)
                #expect(gone.json["status"]?["phase"]?.string == "deleting")
                let late = try await platform.send(.post, "\(Self.acme)/web:wake", as: Self.admin)
                #expect(late.code == "state-conflict")
                let tenant = try await platform.send(.get, "/v1/tenants/acme")
                let summary = tenant.json["status"]?["clusters"]?[0]
                #expect(summary?["name"]?.string == "web")
                #expect(summary?["phase"]?.string == "deleting")
            }
        }

        @Test func `a cluster can be put again as it was got`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let shown = try await platform.send(.get, "\(Self.acme)/main")
                let wish: JSON = [
                    "labels": shown.json["labels"] ?? [:], "spec": shown.json["spec"] ?? [:],
                ]
                let put = try await platform.send(.put, "\(Self.acme)/main", json: wish.text)
                #expect(put.status == 200, "\(put.text)")
                #expect(put.headers[.etag] == shown.headers[.etag])
            }
        }

        @Test func `everything that is wrong with an order has its place`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    Self.acme,
                    json: """
                        {"name":"web","spec":{"kind":"cluster","class":"dev",
                        "kubernetesVersion":"1.20.1","region":"mars","asleep":true,
                        "nodePools":[{"name":"a","count":900}]}}
                        """
                )
                #expect(reply.status == 422)
                #expect(
                    Set(reply.pointers) == [
                        "/spec/kubernetesVersion", "/spec/asleep", "/spec/nodePools",
                    ],
                    "\(reply.text)"
                )
            }
        }

        @Test func `what the driver would refuse is refused before it is ordered`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let order = #"{"name":"web","spec":{"kind":"cluster","region":"nowhere"}}"#
                for query in ["", "?dryRun=true"] {
                    let reply = try await platform.send(.post, Self.acme + query, json: order)
                    #expect(reply.status == 422, "\(reply.text)")
                    #expect(reply.text.contains("there is no nowhere"))
                }
                let shown = try await platform.send(.get, "\(Self.acme)/web")
                #expect(shown.status == 404)
            }
        }

        @Test func `a quota is told beforehand, and names what could go`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let limited = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"spec":{"quotas":{"clusters":{"vcluster":2}}}}"#
                )
                #expect(limited.status == 202, "\(limited.text)")
                let plan = try await platform.send(
                    .post,
                    "\(Self.acme)?dryRun=true",
                    as: Self.admin,
                    json: #"{"name":"two"}"#
                )
                let standing = plan.json["quota"]?[0]
                #expect(standing?["name"]?.string == "clusters.vcluster", "\(plan.text)")
                #expect(standing?["after"]?.int == 2 && standing?["limit"]?.int == 2)
                for (name, status) in [("two", 202), ("three", 409)] {
                    let reply = try await platform.send(
                        .post,
                        Self.acme,
                        as: Self.admin,
                        json: #"{"name":"\#(name)"}"#
                    )
                    #expect(reply.status == status, "\(reply.text)")
                    guard status == 409 else { continue }
                    #expect(reply.code == "quota-exceeded")
                    #expect(reply.json["detail"]?.string?.contains("main, two") == true)
                }
                let raised = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    as: Self.admin,
                    json: #"{"spec":{"quotas":{"nodes":9}}}"#
                )
                #expect(raised.status == 422 && raised.pointers == ["/spec/quotas"])
            }
        }

        @Test func `isolation makes the first cluster and never changes`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: #"{"name":"umbrella","spec":{"isolation":"namespace"}}"#
                )
                #expect(made.status == 202, "\(made.text)")
                let first = made.json["status"]?["clusters"]?[0]
                #expect(first?["name"]?.string == "main" && first?["kind"]?.string == "namespace")
                let jobs = try await platform.send(.get, "/v1/jobs?tenant=umbrella")
                let kinds = jobs.json["items"]?.array?.compactMap { $0["spec"]?["kind"]?.string }
                #expect(Set(kinds ?? []) == ["tenant.provision", "cluster.create"])
                let changed = try await platform.send(
                    .patch,
                    "/v1/tenants/umbrella",
                    json: #"{"spec":{"isolation":"vcluster"}}"#
                )
                #expect(changed.status == 422 && changed.pointers == ["/spec/isolation"])
            }
        }

        @Test func `a kubeconfig is for the caller, and is written down`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let path = "\(Self.acme)/main/kubeconfig"
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let refused = try await platform.send(
                    .post,
                    path,
                    as: viewer,
                    json: #"{"role":"admin"}"#
                )
                #expect(refused.status == 422 && refused.pointers == ["/role"])
                let owner = try await platform.send(
                    .post,
                    path,
                    as: Self.admin,
                    json: #"{"role":"cluster-admin"}"#
                )
                #expect(owner.pointers == ["/role"])
                let given = try await platform.send(
                    .post,
                    path,
                    as: viewer,
                    json: #"{"ttlSeconds":600}"#,
                    [(.accept, "application/yaml")]
                )
                #expect(given.status == 200 && given.text.contains("viewer 600"))
                #expect(given.headers[.contentType] == "application/yaml")
                #expect(given.headers[.cacheControl] == "no-store")
                let audit = try await platform.send(
                    .get,
                    "/v1/audit?operation=createClusterKubeconfig&result=allowed"
                )
                let entry = audit.json["items"]?[0]
                #expect(entry?["actor"]?["name"]?.string == "viewer-acme", "\(audit.text)")
                #expect(entry?["object"]?["name"]?.string == "acme/main")
            }
        }

        @Test func `a sleeping cluster is woken before anybody is let in`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(.post, Self.acme, json: #"{"name":"nap"}"#)
                _ = try await platform.send(.post, "\(Self.acme)/nap:sleep")
                let path = "\(Self.acme)/nap/kubeconfig"
                let reply = try await platform.send(.post, path, json: "{}")
                #expect(reply.status == 409 && reply.code == "cluster-asleep", "\(reply.text)")
                #expect(reply.text.contains("POST /v1/tenants/acme/clusters/nap:wake"))
                _ = try await platform.send(.post, "\(Self.acme)/nap:wake")
                #expect(try await platform.send(.post, path, json: "{}").status == 200)
            }
        }

        @Test func `a cluster that does not answer is a fault that passes`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(.post, Self.acme, json: #"{"name":"dark"}"#)
                let reply = try await platform.send(
                    .post,
                    "\(Self.acme)/dark/kubeconfig",
                    json: "{}"
                )
                #expect(reply.status == 503 && reply.code == "cluster-unreachable")
                #expect(reply.headers[.retryAfter] != nil)
            }
        }

        @Test func `an uploaded kubeconfig is checked, sealed and never seen again`()
            async throws
        {
            try await Platform.run { platform in
                let bad = try await platform.send(
                    .post,
                    "/v1/management-clusters",
                    json: """
                        {"name":"real","spec":{"connection":"kubeconfig","kubeconfig":"exec"}}
                        """
                )
                #expect(bad.status == 422 && bad.pointers == ["/spec/kubeconfig"])
                let secret = "very-secret-token"
                let made = try await platform.send(
                    .post,
                    "/v1/management-clusters",
                    json: """
                        {"name":"real","spec":{"connection":"kubeconfig",
                        "kubeconfig":"insecure \(secret)"}}
                        """,
                    [(.idempotencyKey, "k1")]
                )
                #expect(made.status == 202, "\(made.text)")
                #expect(made.json["spec"]?["context"]?.string == "admin@test")
                #expect(made.json["status"]?["findings"]?.array?.count == 1)
                let adopted = try await platform.send(
                    .post,
                    Self.acme,
                    json: """
                        {"name":"old","spec":{"adopt":{"kubeconfig":"\(secret)"}}}
                        """,
                    [(.idempotencyKey, "k2")]
                )
                #expect(adopted.status == 202, "\(adopted.text)")
                #expect(adopted.json["spec"]?["kind"]?.string == "cluster")
                let tables = try platform.database.run(
                    """
                    SELECT relname FROM pg_class
                     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    """
                ).compactMap { $0[0] }
                for table in tables {
                    let rows = try platform.database.run(
                        "SELECT count(*) FROM \(table) t WHERE t::text LIKE '%\(secret)%'"
                    )
                    #expect(rows[0][0] == "0", "\(table)")
                }
                let stored = try platform.database.run(
                    "SELECT kubeconfig FROM management_cluster WHERE name = 'real'"
                )
                #expect(stored[0][0] != nil)
                let patched = try await platform.send(
                    .patch,
                    "/v1/management-clusters/real",
                    json: #"{"spec":{"cordoned":true}}"#
                )
                #expect(patched.status == 202, "\(patched.text)")
                let kept = try platform.database.run(
                    "SELECT kubeconfig FROM management_cluster WHERE name = 'real'"
                )
                #expect(kept[0][0] == stored[0][0])
            }
        }

        @Test func `what is used is not removed, and says by whom`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let held = try await platform.send(.delete, "/v1/management-clusters/main")
                #expect(held.status == 409 && held.code == "in-use")
                #expect(held.json["detail"]?.string?.contains("acme/main, globex/main") == true)
                _ = try await platform.send(
                    .post,
                    Self.acme,
                    json: #"{"name":"big","spec":{"kind":"cluster"}}"#
                )
                let used = try await platform.send(.delete, "/v1/cluster-classes/dev")
                #expect(used.json["detail"]?.string?.contains("acme/big") == true, "\(used.text)")
                let shown = try await platform.send(.get, "/v1/management-clusters/main")
                #expect(shown.json["status"]?["capacity"]?["vcluster"]?["used"]?.int == 2)
            }
        }

        @Test func `a class is not changed so that its clusters could not be made again`()
            async throws
        {
            try await Platform.run { platform in
                let path = "/v1/cluster-classes/dev"
                let shown = try await platform.send(.get, path)
                let template = try #require(shown.json["spec"]?["template"]?.string)
                func change(_ text: String, _ query: String = "") async throws -> Reply {
                    let patch: JSON = ["spec": ["template": .string(text)]]
                    return try await platform.send(
                        .patch,
                        path + query,
                        json: String(decoding: patch.serialized(), as: UTF8.self)
                    )
                }
                #expect(try await change("\(template)# broken, but unused\n").status == 200)
                #expect(try await change(template).status == 200)
                _ = try await platform.send(
                    .post,
                    Self.acme,
                    json: #"{"name":"big","spec":{"kind":"cluster"}}"#
                )
                for query in ["", "?dryRun=true"] {
                    let refused = try await change("\(template)# broken\n", query)
                    #expect(refused.status == 422, "\(refused.text)")
                    let detail = refused.json["errors"]?[0]?["detail"]?.string
                    #expect(detail == "acme/big: It cannot be made so.")
                }
                let kept = try await platform.send(.get, path)
                #expect(kept.json["spec"]?["template"]?.string == template)
                #expect(try await change("\(template)# good\n").status == 200)
            }
        }

        @Test func `a cordoned management cluster takes nothing new`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(
                    .patch,
                    "/v1/management-clusters/main",
                    json: #"{"spec":{"cordoned":true}}"#
                )
                for path in [Self.acme, "\(Self.acme)?dryRun=true"] {
                    let reply = try await platform.send(.post, path, json: #"{"name":"x"}"#)
                    #expect(reply.status == 409 && reply.code == "no-room", "\(reply.text)")
                }
            }
        }

        @Test func `a class says what it lacks, and tenants see what they may order`()
            async throws
        {
            try await Platform.run { platform in
                let lacking = try await platform.send(
                    .post,
                    "/v1/cluster-classes",
                    json: """
                        {"name":"lacking","spec":{"template":"apiVersion: v1\\nkind: Cluster\\n\
                        metadata: {name: \\"${CLUSTER_NAME}\\", x: \\"${NO_VALUE}\\"}\\n"}}
                        """
                )
                #expect(lacking.status == 201, "\(lacking.text)")
                #expect(lacking.json["status"]?["phase"]?.string == "faulty")
                let variables = lacking.json["status"]?["findings"]?.array?.map { $0["variable"] }
                #expect(variables?.contains("NO_VALUE") == true, "\(lacking.text)")
                let unknown = try await platform.send(
                    .post,
                    "/v1/cluster-classes",
                    json: #"{"name":"odd","spec":{"template":"x","alowance":{}}}"#
                )
                #expect(unknown.status == 422, "\(unknown.text)")
                let inside = try await platform.send(
                    .post,
                    "/v1/cluster-classes",
                    json: #"{"name":"odd","spec":{"template":"x","labels":{"tier":"gold"}}}"#
                )
                #expect(inside.pointers == ["/spec/labels"], "\(inside.text)")
                let order = try await platform.send(
                    .post,
                    Self.acme,
                    json: #"{"name":"x","spec":{"kind":"cluster","class":"lacking"}}"#
                )
                #expect(order.pointers.contains("/spec/class"), "\(order.text)")
                let shown = try await platform.send(
                    .get,
                    "/v1/cluster-classes/dev",
                    as: Self.admin
                )
                #expect(shown.status == 200 && shown.json["spec"]?["template"] == nil)
                #expect(shown.json["spec"]?["kubernetesVersions"]?.array?.count == 2)
                let rendered = try await platform.send(
                    .post,
                    "/v1/cluster-classes/dev:render",
                    json: #"{"tenant":"acme","spec":{"kubernetesVersion":"1.33.5"}}"#
                )
                #expect(rendered.status == 200, "\(rendered.text)")
                #expect(rendered.json["objects"]?.array?.isEmpty == false)
            }
        }

        @Test func `a patch renews a kubeconfig and keeps what it does not name`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(
                    .post,
                    Self.acme,
                    json: #"{"name":"old","spec":{"adopt":{"kubeconfig":"one"}}}"#
                )
                func sealed() throws -> String? {
                    try platform.database.run("SELECT kubeconfig FROM cluster")[0][0]
                }
                let before = try sealed()
                let renewed = try await platform.send(
                    .patch,
                    "\(Self.acme)/old",
                    json: #"{"spec":{"adopt":{"kubeconfig":"two"}}}"#
                )
                #expect(renewed.status == 202, "\(renewed.text)")
                #expect(try sealed() != before)
                let bare = try await platform.send(
                    .post,
                    Self.acme,
                    json: #"{"name":"bare","spec":{"adopt":{}}}"#
                )
                #expect(bare.pointers == ["/spec/adopt/kubeconfig"], "\(bare.text)")
            }
        }
    }
}
