/// How what an environment depends on stands.
package enum DependencyStanding: Sendable, Hashable {
    /// It is there, and says that of itself.
    case ready(TakenDependency)
    /// It will be there, once somebody or something has done what is said.
    case awaited(on: String, releasedBy: String)
    /// It sleeps, and can be woken.
    case asleep
    /// It will never be there; why.
    case gone(String)
}

extension SharedService {
    /// How what is needed stands in the environment as it is now; nil where that is gone.
    package func standing(in found: Environment?) -> DependencyStanding {
        guard let found else { return .gone("the tenant has no environment \(environment)") }
        guard found.status.phase != .deleting else {
            return .gone("environment \(environment) is being deleted")
        }
        guard found.spec.service == service else {
            let other = found.spec.service?.text ?? "no service by name"
            return .gone("in environment \(environment) runs \(other), and not \(service)")
        }
        if found.spec.asleep {
            guard found.spec.paused else { return .asleep }
            return .awaited(
                on: "environment \(environment) to wake; it is paused",
                releasedBy: "whoever resumes \(environment)"
            )
        }
        return standing(inAwake: found)
    }

    private func standing(inAwake found: Environment) -> DependencyStanding {
        switch found.status.phase {
        case .asleep:
            return .awaited(
                on: "environment \(environment) to be awake",
                releasedBy: Self.job(of: found)
            )
        case .degraded, .failed:
            let reason = found.status.conditions.first { $0.type == "Ready" }?.message
            let why = reason.map { ": \($0)" } ?? ""
            return .awaited(
                on: "environment \(environment) to be ready again\(why)",
                releasedBy: "whoever mends environment \(environment)"
            )
        case .pending, .ready, .deploying, .deleting: break
        }
        guard let taken = TakenDependency(name, of: found) else {
            return .awaited(
                on: "the first roll-out of environment \(environment)",
                releasedBy: Self.job(of: found)
            )
        }
        if let version, let content = found.status.live?.content,
            !version.isMet(by: content, image: image)
        {
            return .awaited(
                on: "environment \(environment) to run \(service) at \(version.text); "
                    + "\(content.versionText) runs there",
                releasedBy: "whoever rolls that out in \(environment)"
            )
        }
        return .ready(taken)
    }

    private static func job(of environment: Environment) -> String {
        environment.status.job.map { "the job \($0)" } ?? "what its own status says"
    }
}

extension DeploymentContent {
    /// What runs, as people name it: tags, or the commit.
    package var versionText: String {
        let tags = images.all.map { "\($0.name) \($0.tag ?? "without a tag")" }
        let revision = source?.revision.map { ["commit \($0)"] } ?? []
        return (tags + revision).joined(separator: ", ")
    }
}

extension Environment {
    /// The condition that says whether everything is there that the environment depends on.
    package static let dependenciesReady = "DependenciesReady"
    /// The reason of that condition where others say something else of themselves by now.
    static let dependenciesChanged = "Changed"

    /// The environments that it depends on, each once, in the order of their names.
    package var needs: [EnvironmentName] {
        Set(spec.dependencies.compactMap { shared(by: $0)?.environment })
            .sorted { $0.text < $1.text }
    }

    /// What was ordered with it and is needed by what runs or is going to, each once.
    package var ordered: [ServiceName] {
        Set(neededContents.flatMap(\.dependencies).compactMap(\.order?.name)).sorted()
    }

    /// What runs, or is going to.
    var neededContents: [DeploymentContent] {
        let rollOuts = status.open + (status.live.map { [$0] } ?? [])
        return [content] + rollOuts.map(\.content)
            + (status.held.map { [$0.rollOut.content] } ?? [])
    }

    /// Whether what it depends on says something else of itself than when it was rolled out.
    var hasOldValues: Bool {
        status.conditions.contains {
            $0.type == Self.dependenciesReady && $0.reason == Self.dependenciesChanged
        }
    }

    /// How everything stands that it depends on; nil where that is nothing.
    ///
    /// `live` is what its live roll-out took; nil where one is under way.
    package static func condition(
        of standings: [(dependency: EnvironmentDependency, standing: DependencyStanding)],
        taken live: [TakenDependency]?
    ) -> SeenCondition? {
        guard !standings.isEmpty else { return nil }
        var reason: String?
        var lacks: [String] = []
        func lack(_ word: String, _ text: String) {
            reason = reason ?? word
            lacks.append(text)
        }
        for (dependency, standing) in standings {
            switch standing {
            case .gone(let why): lack("Gone", why)
            case .asleep: lack("Asleep", "\(dependency.title) is asleep")
            case .awaited(let on, let who): lack("NotReady", "waiting for \(on) (by \(who))")
            case .ready(let now):
                guard let live, let before = live.first(where: { $0.name == now.name }) else {
                    continue
                }
                let changed = now.changes(since: before)
                guard !changed.isEmpty else { continue }
                lack(
                    dependenciesChanged,
                    "\(dependency.title) says something else of itself since the roll-out: "
                        + "\(changed.joined(separator: ", ")); the next one takes it"
                )
            }
        }
        return SeenCondition(
            type: dependenciesReady,
            status: reason == nil ? .true : .false,
            reason: reason ?? "Ready",
            message: lacks.isEmpty
                ? "Everything is there that it depends on." : lacks.joined(separator: "; ")
        )
    }
}

extension EnvironmentDependency {
    /// What it is, in words.
    fileprivate var title: String {
        switch self {
        case .shared(let service): "environment \(service.environment)"
        case .ordered(let service): "service \(service.name)"
        case .companion(let service): "companion \(service.name)"
        }
    }
}

extension TakenDependency {
    /// The values that are not as they were, by name.
    package func changes(since before: TakenDependency) -> [String] {
        let names = Set(outputs.keys).union(before.outputs.keys)
        return (url == before.url ? [] : ["url"])
            + (secret == before.secret ? [] : ["secret"])
            + names.filter { outputs[$0] != before.outputs[$0] }.sorted()
    }
}

/// Which environments of a tenant depend on which.
package struct EnvironmentGraph: Sendable, Hashable {
    /// What each depends on.
    private var needs: [EnvironmentName: [EnvironmentName]]

    /// Those edges.
    package init(_ needs: [EnvironmentName: [EnvironmentName]]) {
        self.needs = needs
    }

    /// The environment depends on those from now on.
    mutating func set(_ names: [EnvironmentName], of environment: EnvironmentName) {
        needs[environment] = names
    }

    /// The way from one environment to another that it depends on, both included; nil where there
    /// is none.
    package func path(
        from start: EnvironmentName,
        to end: EnvironmentName
    ) -> [EnvironmentName]? {
        var ways: [[EnvironmentName]] = [[start]]
        var seen: Set<EnvironmentName> = [start]
        while let way = ways.popLast(), let last = way.last {
            if last == end { return way }
            for next in needs[last] ?? [] where seen.insert(next).inserted {
                ways.append(way + [next])
            }
        }
        return nil
    }
}
