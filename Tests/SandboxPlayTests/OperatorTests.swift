import JSON
import Testing

@testable import Sandbox

/// Operators as the sandbox plays them.
@Suite struct OperatorTests {
    /// Kind, manifest, what shows that it is ready, and the Secrets that are there then.
    struct Case: Sendable, CustomTestStringConvertible {
        let key: SandboxKey
        let spec: String
        let ready: [String: JSON]
        var secrets: [String: [String]] = [:]
        var testDescription: String { key.kind.description }

        init(
            _ group: String,
            _ kind: String,
            _ spec: String,
            _ ready: [String: JSON],
            _ secrets: [String: [String]] = [:]
        ) {
            key = SandboxKey(SandboxKind(group, kind), "t-acme", "shop")
            self.spec = spec
            self.ready = ready
            self.secrets = secrets
        }

        init(
            _ group: String,
            _ kind: String,
            _ ready: [String: JSON],
            _ secrets: [String: [String]] = [:]
        ) {
            self.init(group, kind, "{}", ready, secrets)
        }
    }

    private static let cases = [
        Case(
            "postgresql.cnpg.io",
            "Cluster",
            "{bootstrap: {initdb: {owner: sonar}}}",
            ["Ready": "True", "phase": "Cluster in healthy state"],
            ["shop-ca": ["ca.crt"], "shop-app": ["username", "password"]]
        ),
        Case(
            "rabbitmq.com",
            "RabbitmqCluster",
            ["AllReplicasReady": "True", "ReconcileSuccess": "True"],
            ["shop-default-user": ["username", "password"]]
        ),
        Case("kafka.strimzi.io", "Kafka", ["Ready": "True"], ["shop-cluster-ca-cert": ["ca.crt"]]),
        Case(
            "kafka.strimzi.io",
            "KafkaUser",
            ["Ready": "True"],
            ["shop": ["password", "sasl.jaas.config"]]
        ),
        Case(
            "elasticsearch.k8s.elastic.co",
            "Elasticsearch",
            ["phase": "Ready", "health": "green"],
            ["shop-es-elastic-user": ["elastic"], "shop-es-http-certs-public": ["tls.crt"]]
        ),
        Case("kibana.k8s.elastic.co", "Kibana", ["health": "green"]),
        Case("k6.io", "TestRun", ["stage": "finished"]),
        Case("flagger.app", "Canary", ["phase": "Initialized"]),
        Case("velero.io", "Schedule", ["phase": "Enabled"]),
        Case("keda.sh", "ScaledObject", ["Ready": "True"]),
        Case(
            "cert-manager.io",
            "Certificate",
            "{secretName: shop-tls, secretTemplate: {labels: {slipway.dev/service: shop}}}",
            ["Ready": "True"],
            ["shop-tls": ["tls.crt", "tls.key"]]
        ),
        Case(
            "external-secrets.io",
            "ExternalSecret",
            "{target: {name: shop-vault}, data: [{secretKey: token}]}",
            ["Ready": "True"],
            ["shop-vault": ["token"]]
        ),
    ]

    private static func manifest(of test: Case) throws -> JSON {
        let manifest: JSON = .manifest(
            "\(test.key.kind.group)/\(version(of: test.key.kind))",
            test.key.kind.name,
            test.key.name,
            in: test.key.namespace
        )
        return manifest.merging(patch: ["spec": try Manifests.read(test.spec)[0]])
    }

    private static func version(of kind: SandboxKind) -> String {
        KindTable.operators.first { $0.kind == kind }?.versions[0] ?? "v1"
    }

    private static func isReady(_ test: Case, _ trial: Trial) async throws -> Bool {
        guard let object = try await trial.management.get(test.key) else { return false }
        return test.ready.allSatisfy { name, wanted in
            (object.condition(name)?["status"] ?? object.status[name]) == wanted
        }
    }

    @Test(arguments: cases)
    func `what an operator makes becomes ready, with its Secrets`(test: Case) async throws {
        try await Trial.run { trial in
            try await trial.management.apply(try Self.manifest(of: test), as: "slipway")
            try await trial.pass(1)
            #expect(try await !Self.isReady(test, trial))
            try await trial.pass(2)
            #expect(try await Self.isReady(test, trial))
            for (name, keys) in test.secrets {
                let secret = SandboxKey(.secret, "t-acme", name)
                let data = try await trial.management.get(secret)?.json["data"]
                for key in keys { #expect(data?[key]?.string?.isEmpty == false, "\(name) \(key)") }
                // As operators do, and as a certificate is renewed.
                try await trial.management.delete(secret)
                try await trial.pass(1)
                let anew = try await trial.management.get(secret)?.json["data"]
                #expect(anew?[keys[0]] != nil)
                #expect(anew != data)
            }
            let before = try await trial.revisions()
            try await trial.pass(20)
            #expect(try await trial.revisions() == before)
            try await trial.management.delete(test.key)
            try await trial.pass(2)
            #expect(try await trial.management.get(test.key) == nil)
        }
    }

    @Test func `what an operator makes stays on the way, fails and heals`() async throws {
        try await Trial.run { trial in
            let run = Case("k6.io", "TestRun", ["stage": "finished"])
            for (effect, stage) in [("neverReady", "started"), ("fails", "error")] {
                try await trial.fault(effect, "TestRun", "shop")
                try await trial.management.apply(try Self.manifest(of: run), as: "slipway")
                try await trial.pass(4)
                let status = try await trial.management.get(run.key)?.status
                #expect(status?["stage"]?.string == stage)
                try await trial.heal()
                try await trial.pass(3)
                #expect(try await Self.isReady(run, trial))
            }
        }
    }

    @Test func `a finalizer holds what an operator deletes`() async throws {
        try await Trial.run { trial in
            let queue = Case("rabbitmq.com", "RabbitmqCluster", ["AllReplicasReady": "True"])
            try await trial.management.apply(try Self.manifest(of: queue), as: "slipway")
            try await trial.pass(3)
            try await trial.fault("deletionStuck", "RabbitmqCluster", "shop")
            try await trial.management.delete(queue.key)
            try await trial.pass(3)
            #expect(try await trial.management.get(queue.key)?.isDeleting == true)
            try await trial.heal()
            try await trial.pass(3)
            #expect(try await trial.management.get(queue.key) == nil)
        }
    }

    @Test func `a kind is not known where its operator is not installed`() async throws {
        try await Trial.run { trial in
            let user = Case("kafka.strimzi.io", "KafkaUser", ["Ready": "True"])
            try await trial.fault("notServed", "KafkaUser", "*")
            await #expect(throws: SandboxStatus.self) {
                try await trial.management.apply(try Self.manifest(of: user), as: "slipway")
            }
            try await trial.heal()
            try await trial.management.apply(try Self.manifest(of: user), as: "slipway")
        }
    }

    @Test func `a role waits for its password`() async throws {
        try await Trial.run { trial in
            let role = Case(
                "postgresql.cnpg.io",
                "DatabaseRole",
                "{passwordSecret: {name: shop-main-1}}",
                ["applied": true]
            )
            try await trial.management.apply(try Self.manifest(of: role), as: "slipway")
            try await trial.pass(4)
            #expect(try await !Self.isReady(role, trial))
            try await trial.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: shop-main-1, namespace: t-acme}
                stringData: {username: a, password: b}
                """
            )
            try await trial.pass(2)
            #expect(try await Self.isReady(role, trial))
        }
    }

    @Test func `a job waits for its Secrets, writes what it says, and fails`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: grant
                  namespace: t-acme
                  annotations: {sandbox.slipway.dev/writes: shop/token}
                spec:
                  template:
                    spec:
                      containers:
                        - name: grant
                          image: grant
                          env:
                            - name: USER
                              valueFrom: {secretKeyRef: {name: shop, key: username}}
                """
            )
            try await trial.pass(5)
            let job = SandboxKey(.job, "t-acme", "grant")
            #expect(try await trial.condition(job, "Complete") == "-")
            let pod = try await trial.management.list(.pod, namespace: "t-acme").first
            let state = pod?.status["containerStatuses"]?[0]?["state"]?["waiting"]
            #expect(state?["reason"] == "CreateContainerConfigError")
            try await trial.fault("fails", "Job", "grant")
            try await trial.pass(2)
            #expect(try await trial.condition(job, "Failed") == "True")
            try await trial.heal()
            try await trial.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: shop, namespace: t-acme}
                stringData: {username: a}
                """
            )
            try await trial.pass(5)
            #expect(try await trial.condition(job, "Complete") == "True")
            #expect(try await trial.condition(job, "Failed") == "-")
            let secret = try await trial.management.get(SandboxKey(.secret, "t-acme", "shop"))
            #expect(secret?.json["data"]?["token"] != nil)
        }
    }

    @Test func `a Secret gets the token of its account`() async throws {
        try await Trial.run { trial in
            try await trial.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: agent
                  namespace: t-acme
                  annotations: {kubernetes.io/service-account.name: agent}
                type: kubernetes.io/service-account-token
                """
            )
            try await trial.pass(2)
            let key = SandboxKey(.secret, "t-acme", "agent")
            #expect(try await trial.management.get(key)?.json["data"] == nil)
            try await trial.apply(
                """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: agent, namespace: t-acme}
                """
            )
            try await trial.pass(2)
            let data = try await trial.management.get(key)?.json["data"]
            #expect(data?["token"] != nil && data?["ca.crt"] != nil && data?["namespace"] != nil)
        }
    }
}
