package import JSON

/// What is there to put a service into.
package struct ServiceSurroundings: Sendable {
    /// The tenant's clusters.
    package var clusters: [ClusterSummary]
    /// The tenant's environments that are not on their way out, each with the kind of its cluster,
    /// where that is known.
    package var environments: [EnvironmentName: ClusterKind?]

    /// Those clusters and environments.
    package init(
        clusters: [ClusterSummary],
        environments: [EnvironmentName: ClusterKind?] = [:]
    ) {
        self.clusters = clusters
        self.environments = environments
    }
}

/// An offering at one version, as a change of a service names it.
package struct OrderedOffering: Sendable {
    /// The offering.
    package var offering: Offering
    /// What is going to be rendered.
    package var terms: ServiceTerms
    /// The parameters with what the plan sets and with defaults.
    package var complete: JSONObject

    /// That offering, rendered so.
    package init(_ offering: Offering, terms: ServiceTerms, complete: JSONObject) {
        self.offering = offering
        self.terms = terms
        self.complete = complete
    }
}

extension ServiceInstance {
    /// What is wrong with a name: objects are named after it.
    static func faults(named name: ServiceInstanceName, of offering: Offering) -> [ServiceFault] {
        var faults: [ServiceFault] = []
        if !(name.text.utf8.first.map { (0x61...0x7A).contains($0) } ?? false) {
            let detail = "The name of a service starts with a letter: objects are named after it."
            faults.append(ServiceFault(.name, "bad-character", detail))
        }
        let most = Swift.min(offering.nameMax, Offering.nameMaxUsual)
        if name.text.utf8.count > most {
            let detail =
                "The name of a service of \(offering.name) has at most \(most) characters: "
                + "objects are named after it."
            faults.append(ServiceFault(.name, "too-long", detail))
        }
        return faults
    }
}

extension ServiceSpec {
    /// Everything that is wrong with the place of a service of that offering.
    func placeFaults(
        of offering: Offering,
        in surroundings: ServiceSurroundings
    ) -> [ServiceFault] {
        guard offering.owners.contains(owner) else {
            let detail =
                owner == .tenant
                ? "\(offering.name) is ordered for an environment; name it."
                : "\(offering.name) is ordered for the tenant, not for an environment."
            return [ServiceFault(.spec("environment"), "not-offered", detail)]
        }
        guard let environment else {
            return clusterFaults(of: offering, in: surroundings)
        }
        guard let kind = surroundings.environments[environment] else {
            let detail = "The tenant has no environment of this name, or it is being deleted."
            return [ServiceFault(.spec("environment"), "unknown", detail)]
        }
        if cluster != nil {
            let detail = "A service of an environment is in its cluster; leave `cluster` out."
            return [ServiceFault(.spec("cluster"), "conflicting", detail)]
        }
        guard let kind else { return [] }
        return kindFaults(kind, of: offering, at: "environment")
    }

    private func clusterFaults(
        of offering: Offering,
        in surroundings: ServiceSurroundings
    ) -> [ServiceFault] {
        guard let found = surroundings.clusters.first(where: { $0.name == cluster }) else {
            let detail = "The tenant has no cluster of this name."
            return [ServiceFault(.spec("cluster"), "unknown", detail)]
        }
        guard found.phase != .deleting else {
            let detail = "The cluster is being deleted."
            return [ServiceFault(.spec("cluster"), "leaving", detail)]
        }
        return kindFaults(found.kind, of: offering, at: "cluster")
    }

    private func kindFaults(
        _ kind: ClusterKind,
        of offering: Offering,
        at member: String
    ) -> [ServiceFault] {
        guard !offering.clusters.contains(kind) else { return [] }
        let kinds = ClusterKind.allCases.filter(offering.clusters.contains).map(\.rawValue)
        let detail =
            "\(offering.name) works in clusters of the kind \(kinds.joined(separator: " or ")); "
            + "this one is a \(kind.rawValue)."
        return [ServiceFault(.spec(member), "not-offered", detail)]
    }

    /// Everything that can never be made of what there is.
    func fixedFaults(changing current: ServiceSpec) -> [ServiceFault] {
        var faults: [ServiceFault] = []
        func fixed(_ path: [String], _ isSame: Bool, _ detail: String) {
            guard !isSame else { return }
            faults.append(
                ServiceFault(
                    .spec(path),
                    "fixed",
                    "\(detail) Order another one under another name."
                )
            )
        }
        fixed(
            ["offering", "name"],
            offering == current.offering,
            "A service stays with its offering."
        )
        fixed(
            ["environment"],
            environment == current.environment,
            "A service stays with whom it belongs to."
        )
        fixed(["cluster"], cluster == current.cluster, "A service stays where it is.")
        fixed(["adopt"], adopt == current.adopt, "What is taken over is decided with the order.")
        return faults
    }
}

extension Offering {
    /// Whether services of that version may go to this one directly.
    ///
    /// A version goes to a newer one that takes it; to an older one only where that says so.
    package func takes(_ other: SemanticVersion) -> Bool {
        upgrades.from.map { $0.contains(other) }
            ?? (version.major == other.major && other < version)
    }
}

extension ServiceInstance {
    /// Everything that the offering allows no service of these terms to become.
    func changeFaults(to next: OrderedOffering) -> [ServiceFault] {
        versionFaults(to: next.offering) + planFaults(to: next) + parameterFaults(to: next)
    }

    private func versionFaults(to offering: Offering) -> [ServiceFault] {
        let from = terms.version
        guard offering.version.description != from.description else { return [] }
        guard !offering.takes(from) else { return [] }
        let whence =
            offering.upgrades.from.map { "\($0)" } ?? "older versions of \(offering.version.major)"
        let detail =
            "Version \(offering.version) takes services of \(whence), and this one is of \(from)."
        return [ServiceFault(.spec(["offering", "version"]), "not-offered", detail)]
    }

    private func planFaults(to next: OrderedOffering) -> [ServiceFault] {
        guard next.terms.plan != terms.plan,
            let now = next.offering.plans.first(where: { $0.name == terms.plan }),
            let others = now.changesTo, !others.contains(next.terms.plan)
        else { return [] }
        let names = others.isEmpty ? "no other one" : others.joined(separator: ", ")
        let detail = "A service of the plan \(terms.plan) can change to \(names)."
        return [ServiceFault(.spec("plan"), "not-offered", detail)]
    }

    private func parameterFaults(to next: OrderedOffering) -> [ServiceFault] {
        let before = JSON.object(complete)
        let after = JSON.object(next.complete)
        var faults: [ServiceFault] = []
        for pointer in next.offering.upgrades.immutable {
            let (old, new) = (before.value(at: pointer), after.value(at: pointer))
            guard old != new else { continue }
            faults.append(
                ServiceFault(
                    .spec(["parameters"] + pointer.tokens),
                    "fixed",
                    "It stays as it was ordered, also with another plan."
                )
            )
        }
        for pointer in next.offering.upgrades.growing {
            guard let old = before.value(at: pointer)?.number,
                let new = after.value(at: pointer)?.number, new < old
            else { continue }
            faults.append(
                ServiceFault(
                    .spec(["parameters"] + pointer.tokens),
                    "too-small",
                    "It may grow and not shrink, also with another plan."
                )
            )
        }
        return faults
    }
}
