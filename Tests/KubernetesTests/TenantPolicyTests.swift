import JSON
import Kubernetes
import TestSupport
import Testing
import YAML

/// What a real API server makes of the policies of `deploy/management-cluster.yaml`.
///
/// Hosts go by what is set for the whole server, so only the namespace's own list is tried.
@Suite(.enabled(if: RealServer.isThere), .serialized, .timeLimit(.minutes(3)))
struct TenantPolicyTests {
    /// The server takes policies into account a while after it has answered.
    private static let triesMax = 5_000

    @Test func `tenants are held to them where they work, and nobody elsewhere`() async throws {
        try await RealServer.run { server in
            try await install(on: server)
            for trial in Self.trials {
                #expect(try await refusal(of: trial.object, on: server) == nil, "unmarked")
            }
            try await mark(server)
            for trial in Self.trials {
                var refusal = try await refusal(of: trial.object, on: server)
                if let policy = trial.policy {
                    // Each takes effect at a moment of its own.
                    var tries = 1
                    while refusal == nil, tries < Self.triesMax {
                        refusal = try await self.refusal(of: trial.object, on: server)
                        tries += 1
                    }
                    #expect(
                        refusal?.contains("slipway-tenant-\(policy)") == true,
                        "\(trial.object)"
                    )
                } else {
                    #expect(refusal == nil, "\(trial.object)")
                }
            }
        }
    }

    private func install(on server: RealServer) async throws {
        let file = try #require(SharedData.ownBytes("deploy/management-cluster.yaml"))
        for document in try YAML.documents(file).map(\.value) {
            let kind = document["kind"]?.string ?? ""
            guard
                kind.hasPrefix("ValidatingAdmission") || kind == "ConfigMap" || kind == "Namespace"
            else { continue }
            _ = try await server.client.apply(try #require(document.object), force: true)
        }
    }

    private func mark(_ server: RealServer) async throws {
        let namespace: JSON = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(server.namespace),
                "labels": ["slipway.dev/fenced": "true", "slipway.dev/tenant": "acme"],
                "annotations": ["slipway.dev/hosts": "acme.com, acme.io"],
            ],
        ]
        _ = try await server.client.apply(try #require(namespace.object), force: true)
    }

    /// Why an object is not taken; nil where it is.
    private func refusal(of object: JSON, on server: RealServer) async throws -> String? {
        var object = try #require(object.object)
        var metadata = object["metadata"]?.object ?? JSONObject()
        metadata["name"] = "trial"
        metadata["namespace"] = .string(server.namespace)
        object["metadata"] = .object(metadata)
        do {
            _ = try await server.client.apply(object, dryRun: true)
            return nil
        } catch {
            let words = "\(error)"
            guard words.contains("ValidatingAdmissionPolicy") else { throw error }
            return words
        }
    }

    private struct Trial: Sendable {
        /// The policy that refuses the object; nil where it is taken.
        let policy: String?
        let object: JSON

        init(_ policy: String?, _ object: JSON) {
            self.policy = policy
            self.object = object
        }
    }

    private static let trials: [Trial] = [
        Trial("services", service(["externalIPs": ["192.0.2.1"]])),
        Trial(nil, service([:])),
        Trial("tokens", secret("kubernetes.io/service-account-token")),
        Trial(nil, secret("Opaque")),
        Trial("priority", pod("system-node-critical")),
        Trial(nil, pod("")),
        Trial("hosts", ingress(["host": "shop.globex.com"])),
        Trial("hosts", ingress(["host": "notacme.com"])),
        Trial("hosts", ingress([:])),
        Trial("hosts", ingress(["host": "*.com"])),
        Trial("hosts", ingress(["host": "acme.com"], ["x.example/server-alias": "globex.com"])),
        Trial(nil, ingress(["host": "acme.com"])),
        Trial(nil, ingress(["host": "*.shop.acme.io"])),
    ]

    private static func service(_ more: JSONObject) -> JSON {
        var spec: JSONObject = ["ports": [["port": 80]]]
        for member in more { spec[member.key] = member.value }
        return ["apiVersion": "v1", "kind": "Service", "spec": .object(spec)]
    }

    private static func secret(_ type: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "Secret", "type": .string(type),
            "metadata": ["annotations": ["kubernetes.io/service-account.name": "default"]],
        ]
    }

    private static func pod(_ priorityClass: JSON) -> JSON {
        [
            "apiVersion": "v1", "kind": "Pod",
            "spec": [
                "containers": [["name": "main", "image": "registry.example/main"]],
                "priorityClassName": priorityClass,
            ],
        ]
    }

    private static func ingress(_ rule: JSONObject, _ annotations: JSONObject = [:]) -> JSON {
        var rule = rule
        let backend: JSON = ["service": ["name": "main", "port": ["number": 80]]]
        rule["http"] = ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["annotations": .object(annotations)],
            "spec": ["rules": [.object(rule)]],
        ]
    }
}
