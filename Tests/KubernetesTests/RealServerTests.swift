import EventLoop
import JSON
import Kubernetes
import Outbound
import Secrets
import Synchronization
import Testing

/// What a real API server does; runs where `SLIPWAY_TEST_KUBECONFIG` names one.
@Suite(.enabled(if: RealServer.isThere), .timeLimit(.minutes(3)))
struct RealServerTests {
    @Test func `it says its version, who we are and what we may do`() async throws {
        try await RealServer.run { server in
            let version = try await server.client.version()
            #expect(version.hasPrefix("v1."))
            #expect(try await server.client.isReady())
            let identity = try await server.client.whoAmI()
            #expect(identity.groups.contains("system:authenticated"))
            let answer = try await server.client.allowed(
                AccessQuestion("create", resource: "serviceaccounts", subresource: "token")
            )
            #expect(answer.isAllowed)
        }
    }

    @Test func `kinds are found by what the server says of itself`() async throws {
        try await RealServer.run { server in
            let ingress = GroupKind(group: "networking.k8s.io", kind: "Ingress")
            let resource = try await server.client.resource(for: ingress)
            #expect(resource.plural == "ingresses" && resource.version == "v1")
            #expect(resource.isNamespaced && resource.subresources.contains("status"))
            let deployment = GroupKind(group: "apps", kind: "Deployment")
            let scaled = try await server.client.resource(for: deployment)
            #expect(scaled.subresources.contains("scale") && scaled.shortNames == ["deploy"])
            let unknown = GroupKind(group: "none.example", kind: "None")
            await #expect(throws: KubernetesFault.noSuchKind(unknown)) {
                try await server.client.resource(for: unknown)
            }
            await #expect(
                throws: KubernetesFault.versionNotServed(ingress, version: "v9", served: ["v1"])
            ) {
                try await server.client.resource(for: ingress, version: "v9")
            }
        }
    }

    @Test func `an object is applied once however often it is applied`() async throws {
        try await RealServer.run { server in
            let object = server.configMap("a", ["k": "v/w \u{1F600} \u{85}\u{2028}\u{7F} \"q\"\n"])
            let first = try await server.client.apply(object)
            #expect(first.isCreated && first.warnings.isEmpty)
            let second = try await server.client.apply(object)
            #expect(!second.isCreated)
            #expect(second.object.uid == first.object.uid)
            #expect(second.object.resourceVersion == first.object.resourceVersion)
            let read = try #require(try await server.client.get(server.key("a")))
            #expect(
                read.value(at: ["data", "k"])?.string
                    == "v/w \u{1F600} \u{85}\u{2028}\u{7F} \"q\"\n"
            )
            let without = server.configMap("a", [:])
            let third = try await server.client.apply(without)
            #expect(third.object.json["data"] == nil)
        }
    }

    @Test func `YAML is applied as it stands, and a dry run leaves nothing`() async throws {
        try await RealServer.run { server in
            let text = """
                # The bytes that stand in Git.
                apiVersion: "v1"
                kind: "ConfigMap"
                metadata:
                  name: "y"
                  namespace: "\(server.namespace)"
                data:
                  "k": "yes"
                """
            let key = server.key("y")
            let bytes = Array(text.utf8)
            let dry = try await server.client.apply(bytes, key: key, version: "v1", dryRun: true)
            #expect(dry.isCreated)
            #expect(try await server.client.get(key) == nil)
            _ = try await server.client.apply(bytes, key: key, version: "v1")
            #expect(try await server.client.get(key)?.value(at: ["data", "k"]) == "yes")
        }
    }

    @Test func `a field of another manager is named with its manager`() async throws {
        try await RealServer.run { server in
            _ = try await server.client.apply(
                server.configMap("c", ["k": "theirs", "l": "theirs"]),
                manager: "somebody"
            )
            let ours = server.configMap("c", ["k": "ours", "l": "ours"])
            await #expect(
                throws: KubernetesFault.owned([
                    FieldConflict(field: ".data.k", manager: "somebody"),
                    FieldConflict(field: ".data.l", manager: "somebody"),
                ])
            ) {
                try await server.client.apply(ours)
            }
            let taken = try await server.client.apply(ours, force: true)
            #expect(taken.object.value(at: ["data", "k"]) == "ours")
        }
    }

    @Test func `an unknown field, a wrong value and a wrong name are refused with the field`()
        async throws
    {
        try await RealServer.run { server in
            var wrong = server.configMap("w", ["k": "v"])
            wrong["dta"] = ["k": "v"]
            let fault = await refusal { try await server.client.apply(wrong) }
            guard case .invalid(_, let unknown) = fault else { return #expect(fault == nil) }
            #expect(unknown.map(\.field) == ["dta"])
            let created = await refusal { try await server.client.create(wrong) }
            guard case .invalid(_, let causes) = created else { return #expect(created == nil) }
            #expect(causes.map(\.field) == ["dta"])
            let account: JSON = [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "s", "namespace": .string(server.namespace)],
                "spec": ["ports": [["port": 0]]],
            ]
            let invalid = await refusal {
                try await server.client.apply(account.object ?? JSONObject())
            }
            guard case .invalid(_, let fields) = invalid else { return #expect(invalid == nil) }
            #expect(fields.contains { $0.field == "spec.ports[0].port" })
        }
    }

    @Test func `the meanings of a conflict are told apart`() async throws {
        try await RealServer.run { server in
            let client = server.client
            let made = try await client.create(server.configMap("m", ["k": "v"])).object
            let again = await refusal {
                try await client.create(server.configMap("m", ["k": "v"]))
            }
            guard case .alreadyExists = again else { return #expect(again == nil) }
            let changed = try await client.mergePatch(made.key, ["data": ["k": "w"]]).object
            let late: JSON = [
                "metadata": ["resourceVersion": .string(made.resourceVersion)],
                "data": ["k": "x"],
            ]
            let modified = await refusal { try await client.mergePatch(made.key, late) }
            guard case .modified = modified else { return #expect(modified == nil) }
            let other = "00000000-0000-4000-8000-000000000000"
            #expect(try await client.delete(made.key, uid: other) == .replaced)
            #expect(try await client.get(made.key) == changed)
            #expect(try await client.delete(made.key, uid: made.uid) == .gone)
            #expect(try await client.delete(made.key, uid: made.uid) == .gone)
            #expect(try await client.isGone(made.key, uid: made.uid))
        }
    }

    @Test func `a finalizer keeps an object until it is taken off`() async throws {
        try await RealServer.run { server in
            var object = server.configMap("f", [:])
            object["metadata"] = [
                "name": "f", "namespace": .string(server.namespace),
                "finalizers": ["slipway.dev/test"],
            ]
            let made = try await server.client.apply(object).object
            for _ in 0..<2 {
                let deletion = try await server.client.delete(
                    made.key,
                    uid: made.uid,
                    propagation: .foreground
                )
                guard case .deleting(let left) = deletion else {
                    return #expect(deletion == .gone)
                }
                #expect(left.isDeleting && left.finalizers.contains("slipway.dev/test"))
                #expect(left.deletionTimestamp != nil)
            }
            _ = try await server.client.mergePatch(
                made.key,
                ["metadata": ["finalizers": nil]]
            )
            try await gone(made, server.client)
        }
    }

    private func gone(_ object: KubernetesObject, _ client: KubernetesClient) async throws {
        for _ in 0..<600 where !(try await client.isGone(object.key, uid: object.uid)) {
            try await EventLoop.current?.sleep(for: .milliseconds(50))
        }
        #expect(try await client.get(object.key) == nil)
    }

    @Test func `a list comes in pages, whole or metadata alone`() async throws {
        try await RealServer.run { server in
            for number in 0..<7 {
                _ = try await server.client.apply(server.configMap("p\(number)", ["k": "v"]))
            }
            var limits = ClientLimits()
            limits.pageObjectsMax = 2
            let client = KubernetesClient(
                transport: OutboundTransport(
                    lanes: server.lanes,
                    credentials: Credentials(server.access)
                ),
                limits: limits
            )
            let kind = GroupKind(kind: "ConfigMap")
            let list = try await client.list(kind, namespace: server.namespace)
            let names = list.items.map(\.name).filter { $0.hasPrefix("p") }
            #expect(names == (0..<7).map { "p\($0)" })
            #expect(list.items.allSatisfy { $0.key.kind == kind })
            let parts = try await client.list(
                kind,
                namespace: server.namespace,
                fields: "metadata.name=p3",
                projection: .metadata
            )
            #expect(parts.items.map(\.name) == ["p3"])
            #expect(parts.items.allSatisfy { $0.json["data"] == nil && $0.key.kind == kind })
        }
    }

    @Test func `a watch from a list's state misses nothing`() async throws {
        try await RealServer.run { server in
            let kind = GroupKind(kind: "ConfigMap")
            let selection = "metadata.name=watched"
            let start = try await server.client.list(
                kind,
                namespace: server.namespace,
                fields: selection
            ).resourceVersion
            let large = String(repeating: "x", count: 900_000)
            _ = try await server.client.apply(server.configMap("watched", ["k": "1"]))
            _ = try await server.client.apply(server.configMap("watched", ["k": .string(large)]))
            _ = try await server.client.delete(server.key("watched"), uid: nil)
            let watch = try await server.client.watch(
                kind,
                namespace: server.namespace,
                fields: selection,
                from: start
            )
            guard case .added(let first)? = try await watch.next(),
                case .modified(let second)? = try await watch.next(),
                case .deleted(let third)? = try await watch.next()
            else {
                Issue.record("other events")
                return
            }
            #expect(first.value(at: ["data", "k"]) == "1")
            #expect(second.value(at: ["data", "k"])?.string?.utf8.count == 900_000)
            #expect(third.uid == first.uid)
        }
    }

    @Test func `a state that the server dropped is told as expired`() async throws {
        try await RealServer.run { server in
            let fault = await refusal {
                let watch = try await server.client.watch(
                    GroupKind(kind: "ConfigMap"),
                    namespace: server.namespace,
                    from: "1"
                )
                return try await watch.next()
            }
            guard case .expired = fault else { return #expect(fault == nil) }
        }
    }

    @Test func `an informer sees what others do`()
        async throws
    {
        try await RealServer.run { server in
            let kind = GroupKind(kind: "ConfigMap")
            let informer = Informer(kind, of: server.client, namespace: server.namespace)
            let feed = informer.changes()
            let runner = Task { await informer.run() }
            defer { runner.cancel() }
            try await informer.synced()
            _ = try await server.client.apply(server.configMap("i", ["k": "1"]))
            while informer.object(server.key("i")) == nil { _ = try await feed.next() }
            #expect(informer.object(server.key("i"))?.metadata["managedFields"] == nil)
            _ = try await server.client.apply(server.configMap("i", ["k": "2"]))
            while informer.object(server.key("i"))?.value(at: ["data", "k"]) != "2" {
                _ = try await feed.next()
            }
            _ = try await server.client.delete(server.key("i"), uid: nil)
            while informer.object(server.key("i")) != nil { _ = try await feed.next() }
            #expect(informer.statistics.lists == 1 && informer.statistics.fault == nil)
        }
    }

    @Test func `a token of an account works, and an account without rights is told what it lacks`()
        async throws
    {
        try await RealServer.run { server in
            let account: JSON = [
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": "weak", "namespace": .string(server.namespace)],
            ]
            _ = try await server.client.apply(account.object ?? JSONObject())
            let issued = try await server.client.token(
                forAccount: "weak",
                namespace: server.namespace,
                lifetime: .seconds(600)
            )
            var access = ClusterAccess(
                server: server.access.server,
                trust: OutboundTrust(),
                token: issued.token
            )
            access.trust.authorities = server.access.trust.authorities
            let draft = KubeconfigDraft(
                name: "tenant",
                like: access,
                user: "weak",
                token: issued.token,
                namespace: server.namespace
            )
            let config = try Kubeconfig(
                parsing: draft.text().revealed(),
                origin: .uploaded(.beyondLink)
            )
            let weak = server.client(with: config.access)
            let user = "system:serviceaccount:\(server.namespace):weak"
            #expect(try await weak.whoAmI().user == user)
            let forbidden = await refusal { try await weak.get(server.key("a")) }
            guard case .forbidden("get", "configmaps", _) = forbidden else {
                return #expect(forbidden == nil)
            }
            access.authorization = SecretBytes("Bearer wrong")
            let wrong = server.client(with: access)
            let unauthorized = await refusal { try await wrong.get(server.key("a")) }
            guard case .unauthorized = unauthorized else { return #expect(unauthorized == nil) }
            let none = await refusal {
                try await server.client.token(
                    forAccount: "none",
                    namespace: server.namespace,
                    lifetime: .seconds(600)
                )
            }
            guard case .notFound = none else { return #expect(none == nil) }
        }
    }

    @Test func `credentials that are refused are read again, once`() async throws {
        try await RealServer.run { server in
            let reads = Atomic<Int>(0)
            let good = server.access
            let source = Credentials { () throws(KubernetesFault) in
                let count = reads.add(1, ordering: .relaxed).newValue
                guard count == 1 else { return good }
                var old = ClusterAccess(server: good.server, trust: OutboundTrust())
                old.trust.authorities = good.trust.authorities
                old.authorization = SecretBytes("Bearer expired")
                return old
            }
            let client = KubernetesClient(
                transport: OutboundTransport(lanes: server.lanes, credentials: source)
            )
            let absent = try await client.get(server.key("a"))
            #expect(absent == nil)
            #expect(reads.load(ordering: .relaxed) == 2)
        }
    }

    @Test func `a server whose authority has changed is believed by the next kubeconfig`()
        async throws
    {
        try await RealServer.run { server in
            guard server.access.server.isEncrypted else { return }
            let reads = Atomic<Int>(0)
            let good = server.access
            let source = Credentials { () throws(KubernetesFault) in
                guard reads.add(1, ordering: .relaxed).newValue == 1 else { return good }
                var old = good
                // Another certificate than the one that signed the server's.
                old.trust.authorities = good.trust.certificate
                return old
            }
            let client = KubernetesClient(
                transport: OutboundTransport(lanes: server.lanes, credentials: source)
            )
            let absent = try await client.get(server.key("a"))
            #expect(absent == nil)
            #expect(reads.load(ordering: .relaxed) == 2)
        }
    }

    @Test func `a kind that is defined meanwhile is found, and one that is removed is missed`()
        async throws
    {
        try await RealServer.run { server in
            let group = "\(server.namespace).slipway.dev"
            let kind = GroupKind(group: group, kind: "Thing")
            let absent = await refusal { try await server.client.resource(for: kind) }
            #expect(absent == .noSuchKind(kind))
            let definition = Self.definition(of: kind)
            let made = try await server.client.apply(definition).object
            let thing: JSON = [
                "apiVersion": .string("\(group)/v1"), "kind": "Thing",
                "metadata": ["name": "t", "namespace": .string(server.namespace)],
                "spec": ["size": 3],
            ]
            let object = thing.object ?? JSONObject()
            for _ in 0..<200 {
                let fault = await refusal { try await server.client.apply(object) }
                guard fault != nil else { break }
                server.client.forgetDirectory()
                try await EventLoop.current?.sleep(for: .milliseconds(100))
            }
            let key = ObjectKey(kind, namespace: server.namespace, name: "t")
            let read = try await server.client.get(key)
            #expect(read?.spec["size"]?.int == 3)
            var wrong = object
            wrong["spec"] = ["size": "large", "colour": "red"]
            let refused = await refusal { try await server.client.apply(wrong) }
            guard case .invalid(_, let causes) = refused else { return #expect(refused == nil) }
            // Real servers name the size of the wrong type beside it.
            #expect(causes.map(\.field).contains("spec.colour"))
            _ = try await server.client.mergePatch(
                key,
                ["status": ["ok": true]],
                subresource: "status"
            )
            #expect(try await server.client.get(key)?.status["ok"] == true)
            _ = try await server.client.mergePatch(
                key,
                ["spec": ["replicas": 5]],
                subresource: "scale"
            )
            #expect(try await server.client.get(key)?.spec["size"]?.int == 5)
            _ = try await server.client.delete(made.key, uid: made.uid)
            try await gone(made, server.client)
            for _ in 0..<200 {
                let fault = await refusal { try await server.client.get(key) }
                if fault == .noSuchKind(kind) { return }
                try await EventLoop.current?.sleep(for: .milliseconds(100))
            }
            Issue.record("the kind is still there")
        }
    }

    private static func definition(of kind: GroupKind) -> JSONObject {
        let schema: JSON = [
            "type": "object",
            "properties": [
                "spec": ["type": "object", "properties": ["size": ["type": "integer"]]],
                "status": ["type": "object", "properties": ["ok": ["type": "boolean"]]],
            ],
        ]
        let version: JSON = [
            "name": "v1", "served": true, "storage": true,
            "schema": ["openAPIV3Schema": schema],
            "subresources": [
                "status": [:],
                "scale": [
                    "specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size",
                ],
            ],
        ]
        let json: JSON = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string("things.\(kind.group)")],
            "spec": [
                "group": .string(kind.group), "scope": "Namespaced",
                "names": ["kind": "Thing", "plural": "things", "singular": "thing"],
                "versions": [version],
            ],
        ]
        return json.object ?? JSONObject()
    }
}

/// The fault of a call; nil where it has none.
func refusal<Value>(
    _ body: () async throws -> Value
) async -> KubernetesFault? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? KubernetesFault
    }
}
