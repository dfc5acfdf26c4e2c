import Contract
import Domain
import JSON

/// Where a service is: decided in the first step of a job and kept as its findings, so that every
/// later attempt renders the same.
struct ServiceSpot: Sendable, Equatable {
    /// The namespace of everything that runs beside the tenants.
    static let platformNamespace = "slipway-services"

    /// The cluster.
    var cluster: ClusterName
    /// The namespace there.
    var namespace: String
    /// Where the cluster's API server answers; empty where that is not known.
    var endpoint: String
    /// A host name at which the service may answer.
    var host: String
    /// Which delivery of the service it is about.
    var number: Int64
    /// Beside whom it runs.
    var place: Offering.Place

    /// What the step keeps.
    var findings: JSONObject {
        [
            "cluster": .string(cluster.text), "namespace": .string(namespace),
            "endpoint": .string(endpoint), "host": .string(host), "number": .integer(number),
            "place": .string(place.rawValue),
        ]
    }

    init(
        cluster: Cluster,
        namespace: String,
        host: String,
        number: Int64,
        place: Offering.Place
    ) {
        self.cluster = cluster.name
        self.namespace = namespace
        endpoint = cluster.status.seen.endpoint ?? ""
        self.host = host
        self.number = number
        self.place = place
    }

    /// Reads what the first step kept; nil where it has found that there is nothing to do.
    init?(reading findings: JSON?) throws(ProviderFault) {
        guard findings?["idle"]?.bool != true else { return nil }
        guard let findings,
            let cluster = (findings["cluster"]?.string).flatMap(ClusterName.init(told:)),
            let namespace = findings["namespace"]?.string,
            let place = (findings["place"]?.string).flatMap(Offering.Place.init(rawValue:))
        else {
            throw .refused(reason: "the first step left no target; cancel and try anew")
        }
        self.cluster = cluster
        self.namespace = namespace
        endpoint = findings["endpoint"]?.string ?? ""
        host = findings["host"]?.string ?? ""
        number = Int64(findings["number"]?.int ?? 1)
        self.place = place
    }

    /// What is rendered there of a service at those terms.
    func release(_ service: ServiceInstance, at terms: ServiceTerms) -> ServiceRelease {
        ServiceRelease(
            tenant: service.tenant,
            service: service.name,
            terms: terms,
            number: number,
            environment: service.spec.environment,
            cluster: cluster,
            endpoint: endpoint,
            namespace: namespace,
            host: host
        )
    }
}

extension ClusterName {
    /// The name that an earlier step kept; nil for what is none.
    init?(told text: String) {
        // What is no name was not kept by us.
        guard let name = try? ClusterName(parsing: text) else { return nil }
        self = name
    }
}
