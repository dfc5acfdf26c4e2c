import Drivers
import JSON

extension ReadinessRules {
    static func service(_ object: SeenObject) -> ObjectReadiness {
        guard object.spec("type")?.string == "LoadBalancer" else {
            return .ready("It is there.")
        }
        return address(of: object, from: "load balancer")
    }

    static func ingress(_ object: SeenObject) -> ObjectReadiness {
        address(of: object, from: "ingress controller")
    }

    private static func address(
        of object: SeenObject,
        from giver: String
    ) -> ObjectReadiness {
        let first = object.status("loadBalancer")?["ingress"]?.array?.first
        guard let address = first?["hostname"]?.string ?? first?["ip"]?.string else {
            return ObjectReadiness(
                .waiting,
                "NoAddress",
                "No \(giver) has given it an address yet.",
                releasedBy: "whoever runs the cluster: the \(giver)"
            )
        }
        return .ready("It has the address \(address).")
    }

    static func gateway(_ object: SeenObject) -> ObjectReadiness {
        for type in ["Accepted", "Programmed"] {
            guard let told = object.condition(type) else {
                return .waiting("Not\(type)", "No controller has taken it yet.")
            }
            guard told.isTrue else { return .waiting(told.reason, told.message) }
        }
        return .ready("It is programmed.")
    }

    /// Every parent must have taken the route, for its newest spec.
    static func route(_ object: SeenObject) -> ObjectReadiness {
        let wanted = object.spec("parentRefs")?.array?.count ?? 0
        let parents = object.status("parents")?.array ?? []
        for parent in parents {
            let conditions = parent["conditions"]
            let name = parent.at("parentRef", "name")?.string ?? "gateway"
            for type in ["Accepted", "ResolvedRefs"] {
                guard let told = SeenObject.condition(type, in: conditions),
                    told.observedGeneration.map({ $0 >= object.generation ?? 0 }) ?? true
                else { return .waiting("Not\(type)", "\(name) has not looked at it yet.") }
                guard told.isTrue else {
                    return .waiting(told.reason, "\(name): \(told.message)")
                }
            }
        }
        guard parents.count >= min(wanted, 1) else {
            return ObjectReadiness(
                .waiting,
                "NotAccepted",
                "No gateway has taken it yet.",
                releasedBy: "whoever runs the cluster: the gateway that it names"
            )
        }
        return .ready("Every gateway has taken it.")
    }
}
