package import JSON

/// How many environments a tenant may have at once; set by the platform, not by the tenant.
package struct EnvironmentQuotas: Sendable, Hashable {
    /// All together.
    package var total: Int
    /// Of one service.
    package var perService: Int
    /// Those that do not sleep.
    package var awake: Int

    /// Those numbers; the defaults suit a team with a handful of services.
    package init(total: Int = 100, perService: Int = 50, awake: Int = 50) {
        self.total = total
        self.perService = perService
        self.awake = awake
    }

    /// Writes the quotas as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("total", total)
            writer.member("perService", perService)
            writer.member("awake", awake)
        }
    }

    /// Reads what `write` wrote; what is missing is as usual.
    package init(reading document: JSON?) {
        let usual = EnvironmentQuotas()
        self.init(
            total: document?["total"]?.int ?? usual.total,
            perService: document?["perService"]?.int ?? usual.perService,
            awake: document?["awake"]?.int ?? usual.awake
        )
    }
}

/// What an environment counts for in the quotas of its tenant.
package struct EnvironmentFigures: Sendable, Hashable {
    /// The environment.
    package var id: EnvironmentID
    /// Its name.
    package var name: EnvironmentName
    /// What it is for.
    package var type: EnvironmentType
    /// The service that runs in it; nil where it is not of one service.
    package var service: ServiceName?
    /// Whether it is awake, or is to be.
    package var isAwake: Bool
    /// Whether it is on its way out.
    package var isDeleting: Bool
    /// The cluster that it was put into.
    package var cluster: ClusterName?
    /// When it was last used in any way.
    package var usedAt: Instant
    /// The environments that it depends on.
    package var needs: [EnvironmentName]
    /// The environment whose companion it is; nil for none's.
    package var companionOf: EnvironmentName?

    /// An environment that counts for so much.
    package init(
        id: EnvironmentID,
        name: EnvironmentName,
        type: EnvironmentType,
        service: ServiceName?,
        isAwake: Bool,
        isDeleting: Bool,
        cluster: ClusterName?,
        usedAt: Instant,
        needs: [EnvironmentName] = [],
        companionOf: EnvironmentName? = nil
    ) {
        self.companionOf = companionOf
        self.cluster = cluster
        self.needs = needs
        self.id = id
        self.name = name
        self.type = type
        self.service = service
        self.isAwake = isAwake
        self.isDeleting = isDeleting
        self.usedAt = usedAt
    }
}

extension Environment {
    /// What the environment counts for in the quotas of its tenant.
    package var figures: EnvironmentFigures {
        EnvironmentFigures(
            id: id,
            name: name,
            type: spec.type,
            service: spec.service,
            isAwake: !spec.asleep,
            isDeleting: status.phase == .deleting,
            cluster: spec.placement.cluster(of: name),
            usedAt: status.usedAt,
            needs: needs,
            companionOf: status.companionOf
        )
    }
}

/// Every environment that a tenant has, against which quotas are judged.
package struct EnvironmentUsage: Sendable, Hashable {
    /// The most names that a remedy lists.
    private static let namesMax = 5

    /// The environments, those on their way out included: they are there until they are gone.
    package var environments: [EnvironmentFigures]

    /// A tenant with those environments.
    package init(_ environments: [EnvironmentFigures]) {
        self.environments = environments
    }

    /// The environment is there as well from now on, or has changed.
    package mutating func take(_ environment: EnvironmentFigures) {
        environments.removeAll { $0.id == environment.id }
        environments.append(environment)
    }

    /// The first environment in each cluster that has one.
    package var occupants: [ClusterName: EnvironmentName] {
        let oldestFirst = environments.sorted { $0.id < $1.id }
        return Dictionary(
            oldestFirst.compactMap { found in found.cluster.map { ($0, found.name) } }
        ) { first, _ in first }
    }

    /// The environments that live in the cluster that was made for another one, by name; those
    /// that go with it left out.
    package func guests(of host: Environment) -> [EnvironmentName] {
        guard host.spec.placement.isOwn else { return [] }
        return environments.filter { found in
            found.id != host.id && found.cluster == host.name.home && found.companionOf != host.name
        }
        .map(\.name).sorted()
    }

    /// Why an environment cannot be put where it is wanted: two share no namespace, and nobody
    /// moves into a cluster that goes with another one.
    package func collision(
        of environment: EnvironmentFigures,
        in clusters: [ClusterSummary]
    ) -> EnvironmentFault? {
        guard let name = environment.cluster else { return nil }
        let host = environments.first { $0.name.home == name && $0.cluster == name }
        if let host, host.isDeleting, host.id != environment.id {
            return .leaving(name, with: host.name)
        }
        guard
            clusters.contains(where: { $0.name == name && $0.kind == .namespace }),
            let occupant = occupants[name], occupant != environment.name
        else { return nil }
        return .occupied(name, by: occupant)
    }

    /// Every limit that an environment of those figures touches, be it new or changed.
    package func standings(
        with environment: EnvironmentFigures,
        quotas: EnvironmentQuotas
    ) -> [QuotaStanding] {
        let others = EnvironmentUsage(environments.filter { $0.id != environment.id })
        let next = EnvironmentUsage(others.environments + [environment])
        func standing(
            _ name: String,
            _ limit: Int,
            _ verb: String,
            where condition: (EnvironmentFigures) -> Bool
        ) -> QuotaStanding {
            QuotaStanding(
                name: name,
                used: environments.count(where: condition),
                after: next.environments.count(where: condition),
                limit: limit,
                remedy: others.remedy(verb, where: condition)
            )
        }
        var standings = [standing("environments.total", quotas.total, "Delete") { _ in true }]
        if let service = environment.service {
            standings.append(
                standing("environments.perService", quotas.perService, "Delete") {
                    $0.service == service
                }
            )
        }
        standings.append(
            standing("environments.awake", quotas.awake, "Put to sleep or delete") { $0.isAwake }
        )
        return standings
    }

    /// What could be given up: ephemeral ones before others, the longest unused first.
    ///
    /// Nobody is told to give up production.
    private func remedy(
        _ verb: String,
        where condition: (EnvironmentFigures) -> Bool
    ) -> String {
        let candidates = environments.filter { condition($0) && !$0.isDeleting }
            .filter { $0.type != .production }
            .sorted { left, right in
                let isLeft = left.type == .ephemeral
                guard isLeft == (right.type == .ephemeral) else { return isLeft }
                return (left.usedAt, left.name) < (right.usedAt, right.name)
            }
        guard !candidates.isEmpty else { return "Ask the platform's admins for more." }
        let shown = candidates.prefix(Self.namesMax).map(\.name.text).joined(separator: ", ")
        let rest = candidates.count > Self.namesMax ? " or another" : ""
        return
            "\(verb) one of \(shown)\(rest), the longest unused first, or ask the platform's "
            + "admins for more."
    }
}
