package import Domain
import Secrets

/// Variables that every offering may use without declaring them.
package struct OfferingValues: Sendable, Equatable {
    /// The most characters of `INSTANCE`.
    package static let instanceMax = 40

    /// `TENANT`: the tenant's name.
    package var tenant: String
    /// `CLUSTER_NAME`: the cluster that the service is in.
    package var cluster: String
    /// `CLUSTER_ENDPOINT`: where that cluster's API server answers.
    package var endpoint: String
    /// `NAMESPACE`: the namespace that the service is in.
    package var namespace: String
    /// `ENVIRONMENT`: the environment that it belongs to; empty where it belongs to the tenant.
    package var environment = ""
    /// `SERVICE`: the service's name.
    package var service: String
    /// `HOST`: a host name at which it may answer.
    package var host: String
    /// `DEPLOYMENT`: the number of the delivery, from 1.
    package var deployment = 1

    /// The names of the variables, in the order of the documentation.
    package static let names = [
        "TENANT", "CLUSTER_NAME", "CLUSTER_ENDPOINT", "NAMESPACE", "ENVIRONMENT", "SERVICE",
        "INSTANCE", "HOST", "OFFERING", "OFFERING_VERSION", "PLAN", "DEPLOYMENT",
    ]

    /// The values of one delivery.
    package init(
        tenant: String,
        cluster: String,
        endpoint: String,
        namespace: String,
        service: String,
        host: String
    ) {
        self.tenant = tenant
        self.cluster = cluster
        self.endpoint = endpoint
        self.namespace = namespace
        self.service = service
        self.host = host
    }

    /// `INSTANCE`: a name for what tenants share.
    package var instance: String {
        ServiceNaming.marked([tenant, service], atMost: Self.instanceMax)
    }

    /// The values by name.
    func all(of offering: Offering, plan: String) -> [String: String] {
        [
            "TENANT": tenant, "CLUSTER_NAME": cluster, "CLUSTER_ENDPOINT": endpoint,
            "NAMESPACE": namespace, "ENVIRONMENT": environment, "SERVICE": service,
            "INSTANCE": instance, "HOST": host, "OFFERING": offering.name.text,
            "OFFERING_VERSION": offering.version.description, "PLAN": plan,
            "DEPLOYMENT": String(deployment),
        ]
    }
}

/// Variables that files of a binding may use besides.
package struct CredentialValues: Sendable, Equatable {
    /// The most characters of `CREDENTIAL`.
    package static let credentialMax = 52

    /// `BINDING`: the binding's name.
    package var binding: String
    /// The number of the credential, from 1.
    package var number: Int
    /// `CONSUMER_NAMESPACE`: the namespace in which the Secret is wanted.
    package var consumerNamespace: String
    /// `SECRET`: the Secret's name there; nil for `<service>-<binding>`.
    package var secret: String?

    /// The names of the variables, in the order of the documentation.
    package static let names = ["BINDING", "CREDENTIAL", "CONSUMER_NAMESPACE", "SECRET"]

    /// The values of one credential.
    package init(binding: String, number: Int, consumerNamespace: String, secret: String? = nil) {
        self.binding = binding
        self.number = number
        self.consumerNamespace = consumerNamespace
        self.secret = secret
    }

    /// `CREDENTIAL`: the name for everything that belongs to one credential of a service.
    package func credential(of values: OfferingValues, at place: Offering.Place) -> String {
        let end = "-\(number)"
        let most = Self.credentialMax - end.utf8.count
        guard place == .platform else {
            return ServiceNaming.joined([values.service, binding], atMost: most) + end
        }
        let names = [values.tenant, values.service, binding]
        return ServiceNaming.marked(names, atMost: most) + end
    }

    /// The values by name.
    func all(of values: OfferingValues, at place: Offering.Place) -> [String: String] {
        [
            "BINDING": binding, "CREDENTIAL": credential(of: values, at: place),
            "CONSUMER_NAMESPACE": consumerNamespace,
            "SECRET": secret ?? "\(values.service)-\(binding)",
        ]
    }
}

/// Names made of several.
package enum ServiceNaming {
    /// Characters of a mark: 49 bits of a hash for which nobody finds another text.
    private static let markCount = 10
    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    /// The names with `-` between them where that can only be read in one way and is short enough;
    /// else marked.
    package static func joined(_ names: [String], atMost most: Int) -> String {
        let whole = names.joined(separator: "-")
        let isPlain = names.dropFirst().allSatisfy { name in
            !name.utf8.contains(UInt8(ascii: "-")) && !isMark(name)
        }
        return whole.utf8.count <= most && isPlain ? whole : marked(names, atMost: most)
    }

    /// The beginning of the names with `-` between them, and a mark made of all of them: no other
    /// names come to the same.
    static func marked(_ names: [String], atMost most: Int) -> String {
        let hash = SHA256.hash(Array(names.joined(separator: "/").utf8))
        var rest = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var mark: [UInt8] = []
        for place in 1...markCount {
            // The last one is a digit, so that few words look like a mark.
            let base = UInt64(place == markCount ? 10 : digits.count)
            mark.append(digits[Int(rest % base)])
            rest /= base
        }
        let start = names.joined(separator: "-").prefix(most - markCount - 1)
        return "\(start)-\(String(decoding: mark, as: UTF8.self))"
    }

    /// Whether the name could be taken for a mark.
    private static func isMark(_ name: String) -> Bool {
        guard let last = name.utf8.last, name.utf8.count == markCount else { return false }
        return UInt8(ascii: "0")...UInt8(ascii: "9") ~= last
    }
}
