extension EnvironmentSpec {
    /// Everything that is wrong with what the environment depends on.
    func dependencyFaults(
        of name: EnvironmentName,
        in surroundings: EnvironmentSurroundings
    ) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        if dependencies.count > Self.dependenciesMax {
            let detail = "An environment has at most \(Self.dependenciesMax) dependencies."
            faults.append(EnvironmentFault(.spec("dependencies"), "out-of-range", detail))
        }
        var seen: Set<ServiceName> = []
        for (index, dependency) in dependencies.enumerated() {
            let place = ["dependencies", String(index)]
            func fault(_ member: String, _ code: String, _ detail: String) {
                faults.append(EnvironmentFault(.spec(place + [member]), code, detail))
            }
            if !seen.insert(dependency.name).inserted {
                let detail =
                    "Another dependency is \(dependency.name) to the template already. Name each "
                    + "once; `name` gives one another name."
                fault("name", "repeated", detail)
            }
            switch dependency {
            case .shared(let shared):
                shared.check(for: name, in: surroundings, fault)
            // Judged as orders and environments of their own.
            case .ordered, .companion: break
            }
        }
        return faults
    }
}

extension SharedService {
    /// The most characters of an image's name.
    private static let imageLengthMax = 63

    fileprivate func check(
        for name: EnvironmentName,
        in surroundings: EnvironmentSurroundings,
        _ fault: (_ member: String, _ code: String, _ detail: String) -> Void
    ) {
        if let image, image.isEmpty || image.utf8.count > Self.imageLengthMax {
            fault("image", "out-of-range", "Expected the name that a template gives an image.")
        }
        if image != nil, version == nil {
            fault("image", "not-allowed", "It says of which image `version` is; name that.")
        }
        guard environment != name else {
            return fault("environment", "itself", "An environment cannot wait for itself.")
        }
        guard let found = surroundings.environments[environment] else {
            return fault("environment", "unknown", "The tenant has no environment of this name.")
        }
        if found != service {
            let runs = found?.text ?? "no service by name"
            fault("service", "not-there", "In \(environment) runs \(runs).")
        }
        if let way = surroundings.graph.path(from: environment, to: name) {
            fault("environment", "cycle", EnvironmentGraph.cycle(way))
        }
    }
}

extension EnvironmentGraph {
    /// That an environment would depend on itself, by a way that ends at it, in words.
    static func cycle(_ way: [EnvironmentName]) -> String {
        "Each would wait for the other: "
            + "\(way.map(\.text).joined(separator: " depends on ")), which would depend on "
            + "\(way[0])."
    }
}

extension EnvironmentUsage {
    /// Which environments depend on which.
    package var graph: EnvironmentGraph {
        EnvironmentGraph(
            Dictionary(environments.map { ($0.name, $0.needs) }) { first, _ in first }
        )
    }

    /// Why an environment cannot depend on what it is to: each would wait for the other.
    package func cycle(through environment: EnvironmentFigures) -> EnvironmentFault? {
        guard !environment.needs.isEmpty else { return nil }
        let graph = graph
        for need in environment.needs {
            guard let way = graph.path(from: need, to: environment.name) else { continue }
            return EnvironmentFault(.spec("dependencies"), "cycle", EnvironmentGraph.cycle(way))
        }
        return nil
    }
}
