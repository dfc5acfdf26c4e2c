import Domain
import JSON

/// What a caller wants of a binding, read from a body.
struct BindingInput: Sendable {
    let labels: Labels
    let spec: BindingSpec

    init(labels: Labels, spec: BindingSpec) {
        self.labels = labels
        self.spec = spec
    }

    /// Reads `labels` and `spec`.
    init?(_ reader: inout ObjectReader) {
        let labels = reader.labels()
        let spec = reader.object("spec", isRequired: true) { BindingSpec(reading: &$0) }
        guard let spec else { return nil }
        self.labels = labels ?? Labels()
        self.spec = spec
    }
}

/// How credentials reach who uses them.
private enum DeliveryWord: String, CaseIterable { case secret, externalSecret, answer }

extension BindingSpec {
    /// Reads the member `spec` of a binding.
    init?(reading reader: inout ObjectReader) {
        let parameters = reader.optional("parameters", Reading.object) ?? JSONObject()
        let word = reader.optional("delivery", Reading.choice(DeliveryWord.self)) ?? .secret
        let consumer = reader.object("consumer", orNull: true, Self.consumer)
        let secret = reader.optional("secret", orNull: true, Reading.secretName)
        var every: Duration?
        var overlap: Duration?
        _ = reader.object("rotation", orNull: true) { reader -> Bool? in
            every = reader.optional("every", orNull: true, Reading.length)
            overlap = reader.optional("overlap", orNull: true, Reading.length)
            return true
        }
        let delivery: Delivery
        switch (word, consumer) {
        case (.secret, let consumer?), (.externalSecret, let consumer?): delivery = consumer
        case (.answer, nil) where !reader.says("consumer"): delivery = .answer
        case (.answer, _):
            reader.refuse("consumer", "conflicting", "With the delivery `answer` there is none.")
            return nil
        case (.secret, nil), (.externalSecret, nil):
            if !reader.says("consumer") {
                let detail = "Name the environment, or the cluster and namespace, of the Secret."
                reader.refuse("consumer", "missing", detail)
            }
            return nil
        }
        self.init(
            parameters: parameters,
            delivery: delivery,
            carrier: word == .externalSecret ? .externalSecrets : .slipway,
            secretName: secret,
            rotatesEvery: every,
            overlap: overlap
        )
    }

    /// `environment`, or `cluster` and `namespace`.
    private static func consumer(_ reader: inout ObjectReader) -> Delivery? {
        let environment: EnvironmentName? = reader.optional("environment", Reading.name)
        let cluster: ClusterName? = reader.optional("cluster", Reading.name)
        let namespace: ResourceName<BindingSpec>? = reader.optional("namespace", Reading.name)
        switch (environment, cluster, namespace) {
        case (let environment?, nil, nil): return .environment(environment)
        case (nil, let cluster?, let namespace?): return .namespace(cluster, namespace.text)
        default:
            let detail = "Send either `environment`, or `cluster` and `namespace`."
            reader.refuse("environment", "ambiguous", detail)
            return nil
        }
    }
}

extension Reading {
    /// The name of a Secret: labels of DNS with dots between them.
    static func secretName(_ value: JSON) throws(ReadingFault) -> String {
        let text = try text(1...253)(value)
        for label in text.split(separator: ".", omittingEmptySubsequences: false) {
            _ = try name(.string(String(label))) as ResourceName<BindingSpec>
        }
        return text
    }
}
