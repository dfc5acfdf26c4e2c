import JSON

extension OperatorPart {
    /// What the operators show that the example's offerings need; kinds of theirs that are not here
    /// show nothing.
    static let all: [OperatorPart] =
        postgreSQL + messaging + elastic + certificates + externalSecrets + [
            OperatorPart(
                "k6.io",
                "TestRun",
                fields: [Field("stage", from: "started", to: "finished", or: "error")]
            ),
            OperatorPart(
                "flagger.app",
                "Canary",
                "Promoted",
                fields: [Field("phase", from: "Initializing", to: "Initialized", or: "Failed")]
            ),
            OperatorPart("keda.sh", "ScaledObject", "Ready", finalizer: "finalizer.keda.sh"),
            OperatorPart(
                "velero.io",
                "Schedule",
                fields: [Field("phase", from: "New", to: "Enabled", or: "FailedValidation")]
            ),
            OperatorPart("monitoring.coreos.com", "Prometheus", "Available", "Reconciled"),
            OperatorPart("monitoring.coreos.com", "Alertmanager", "Available", "Reconciled"),
        ]

    private static let postgreSQL = [
        OperatorPart(
            "postgresql.cnpg.io",
            "Cluster",
            "Ready",
            fields: [
                Field("phase", from: "Setting up primary", to: "Cluster in healthy state")
            ],
            secrets: [
                OperatorSecret(
                    name: .name("-ca"),
                    data: [("ca.crt", .certificate), ("ca.key", .privateKey)]
                ),
                OperatorSecret(
                    name: .name("-app"),
                    type: "kubernetes.io/basic-auth",
                    data: [
                        ("username", .field(spec("bootstrap", "initdb", "owner"), else: "app")),
                        ("password", .random),
                        ("dbname", .field(spec("bootstrap", "initdb", "database"), else: "app")),
                        ("host", .name("-rw")), ("port", .text("5432")),
                    ]
                ),
            ]
        ),
        OperatorPart(
            "postgresql.cnpg.io",
            "DatabaseRole",
            fields: [Field("applied", from: false, to: true)],
            needs: spec("passwordSecret", "name")
        ),
        OperatorPart(
            "postgresql.cnpg.io",
            "Database",
            fields: [Field("applied", from: false, to: true)]
        ),
    ]

    private static let messaging = [
        OperatorPart(
            "rabbitmq.com",
            "RabbitmqCluster",
            "AllReplicasReady",
            "ClusterAvailable",
            "ReconcileSuccess",
            secrets: [
                OperatorSecret(
                    name: .name("-default-user"),
                    data: [
                        ("username", .text("default_user")), ("password", .random),
                        ("host", .name()), ("port", .text("5672")),
                    ]
                )
            ],
            finalizer: "deletion.finalizers.rabbitmqclusters.rabbitmq.com"
        ),
        OperatorPart(
            "kafka.strimzi.io",
            "Kafka",
            "Ready",
            secrets: [
                OperatorSecret(
                    name: .name("-cluster-ca-cert"),
                    data: [("ca.crt", .certificate), ("ca.password", .random)]
                )
            ]
        ),
        OperatorPart("kafka.strimzi.io", "KafkaNodePool", "Ready"),
        OperatorPart("kafka.strimzi.io", "KafkaTopic", "Ready"),
        OperatorPart(
            "kafka.strimzi.io",
            "KafkaUser",
            "Ready",
            secrets: [
                OperatorSecret(data: [("password", .random), ("sasl.jaas.config", .random)])
            ]
        ),
    ]

    private static let elastic = [
        OperatorPart(
            "elasticsearch.k8s.elastic.co",
            "Elasticsearch",
            "ElasticsearchIsReachable",
            "ReconciliationComplete",
            fields: [
                Field("phase", from: "ApplyingChanges", to: "Ready", or: "Invalid"),
                Field("health", from: "red", to: "green"),
            ],
            secrets: [
                OperatorSecret(name: .name("-es-elastic-user"), data: [("elastic", .random)]),
                OperatorSecret(
                    name: .name("-es-http-certs-public"),
                    data: [("ca.crt", .certificate), ("tls.crt", .certificate)]
                ),
            ]
        ),
        OperatorPart(
            "kibana.k8s.elastic.co",
            "Kibana",
            fields: [Field("health", from: "red", to: "green")]
        ),
        OperatorPart(
            "beat.k8s.elastic.co",
            "Beat",
            fields: [Field("health", from: "red", to: "green")]
        ),
    ]

    private static let certificates = [
        OperatorPart("cert-manager.io", "Issuer", "Ready"),
        OperatorPart("cert-manager.io", "ClusterIssuer", "Ready"),
        OperatorPart(
            "cert-manager.io",
            "Certificate",
            "Ready",
            secrets: [
                OperatorSecret(
                    name: .field(spec("secretName"), else: ""),
                    type: "kubernetes.io/tls",
                    data: [
                        ("tls.crt", .certificate), ("tls.key", .privateKey),
                        ("ca.crt", .certificate),
                    ],
                    labels: spec("secretTemplate", "labels"),
                    isOwned: false
                )
            ]
        ),
    ]

    private static let externalSecrets = [
        OperatorPart("external-secrets.io", "SecretStore", "Ready"),
        OperatorPart("external-secrets.io", "ClusterSecretStore", "Ready"),
        OperatorPart(
            "external-secrets.io",
            "ExternalSecret",
            "Ready",
            secrets: [
                OperatorSecret(
                    name: .field(spec("target", "name"), else: ""),
                    data: [("username", .random), ("password", .random)],
                    keys: spec("data"),
                    labels: spec("target", "template", "metadata", "labels"),
                    isCopied: true
                )
            ]
        ),
    ]

    private static func spec(_ tokens: String...) -> JSONPointer { JSONPointer(["spec"] + tokens) }
}
