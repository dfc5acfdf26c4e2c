/// What an environment needs beside itself.
package enum EnvironmentDependency: Sendable, Hashable {
    /// A service that runs in another environment of the tenant.
    case shared(SharedService)
    /// A service that is ordered for the environment and goes with it.
    case ordered(OrderedService)
    /// A service that runs in an environment of its own beside this one.
    case companion(CompanionService)

    /// What a companion runs; nil for what is none.
    package var companion: CompanionService? {
        if case .companion(let service) = self { service } else { nil }
    }

    /// What is ordered; nil for what is there anyway.
    package var order: OrderedService? {
        if case .ordered(let service) = self { service } else { nil }
    }

    /// What the template knows it by: its values are variables that begin with it.
    package var name: ServiceName {
        switch self {
        case .shared(let service): service.name
        case .ordered(let service): service.name
        case .companion(let service): service.name
        }
    }
}

/// A service that runs in another environment of the tenant, shared with others.
package struct SharedService: Sendable, Hashable {
    /// The service.
    package var service: ServiceName
    /// The environment that has it.
    package var environment: EnvironmentName
    /// What must run there; nil for whatever does.
    package var version: VersionWish?
    /// The image that the version is of; nil for every image that runs there.
    package var image: String?
    /// What the template knows it by; nil for the name of the service.
    package var alias: ServiceName?

    /// That service of that environment.
    package init(
        service: ServiceName,
        environment: EnvironmentName,
        version: VersionWish? = nil,
        image: String? = nil,
        alias: ServiceName? = nil
    ) {
        self.service = service
        self.environment = environment
        self.version = version
        self.image = image
        self.alias = alias
    }

    /// What the template knows it by.
    package var name: ServiceName { alias ?? service }
}

/// What a roll-out took of something that it depends on.
package struct TakenDependency: Sendable, Hashable {
    /// What it was taken of.
    package enum Origin: Sendable, Hashable {
        /// Another environment, of the roll-out that was live there; the commit is nil where nobody
        /// said which ran.
        case environment(EnvironmentName, deployment: DeploymentID, revision: String?)
        /// A service of the environment's own; the Secret with its credential is nil where it has
        /// none.
        case service(ServiceInstanceName, secret: String?)
    }

    /// What the template knows it by.
    package var name: ServiceName
    /// What it was taken of.
    package var origin: Origin
    /// Where it answered; nil where it did not.
    package var url: String?
    /// What it said of itself for others to use, by name.
    package var outputs: [String: String]

    /// The environment that has it; nil where none has.
    package var environment: EnvironmentName? {
        if case .environment(let name, _, _) = origin { name } else { nil }
    }

    /// The Secret with its credential; nil where there is none.
    package var secret: String? {
        if case .service(_, let secret) = origin { secret } else { nil }
    }

    /// What it was taken of, in words.
    var whence: String {
        switch origin {
        case .environment(let name, _, _): "environment \(name)"
        case .service(let name, _): "service \(name)"
        }
    }

    /// What is live in an environment now; nil where nothing is.
    package init?(_ name: ServiceName, of environment: Environment) {
        guard let live = environment.status.live else { return nil }
        self.init(
            name: name,
            of: .environment(
                environment.name,
                deployment: live.deployment,
                revision: live.content.source?.revision
            ),
            url: environment.status.url,
            outputs: environment.status.outputs
        )
    }

    /// Those values of it.
    package init(
        name: ServiceName,
        of origin: Origin,
        url: String? = nil,
        outputs: [String: String] = [:]
    ) {
        self.name = name
        self.origin = origin
        self.url = url
        self.outputs = outputs
    }

    /// The variables of the template that it fills, `DEPENDENCY_<NAME>_URL`,
    /// `DEPENDENCY_<NAME>_SECRET` and `DEPENDENCY_<NAME>_OUTPUT_<OUTPUT>`, in the order of their
    /// names.
    var variables: [(name: String, value: String)] {
        let own = "DEPENDENCY_\(Self.word(name.text))"
        var values = outputs.map { (name: "\(own)_OUTPUT_\(Self.word($0.key))", value: $0.value) }
        if let url { values.append((name: "\(own)_URL", value: url)) }
        if let secret { values.append((name: "\(own)_SECRET", value: secret)) }
        return values.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    /// The text as a part of a variable's name.
    private static func word(_ text: String) -> String {
        String(
            text.uppercased().map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
            }
        )
    }
}

extension [TakenDependency] {
    /// Bytes of one value.
    private static var valueBytesMax: Int { 4_096 }

    /// Everything that the roll-out's template may use of them.
    ///
    /// - Throws: in words, everything that cannot be a value, at once.
    package func variables() throws(DependencyMisfit) -> [String: String] {
        var values: [String: String] = [:]
        var misfits: [String] = []
        for taken in self {
            for (name, value) in taken.variables {
                if values.updateValue(value, forKey: name) != nil {
                    misfits.append("two values would be ${\(name)}; give a dependency another name")
                }
                let isPlain = value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{7F}" }
                if !isPlain || value.utf8.count > Self.valueBytesMax {
                    misfits.append(
                        "${\(name)} of \(taken.whence) is no single line of at "
                            + "most \(Self.valueBytesMax) bytes"
                    )
                }
            }
        }
        guard misfits.isEmpty else {
            throw DependencyMisfit(reason: misfits.joined(separator: "; "))
        }
        return values
    }
}

/// Why what others say of themselves cannot be values of a template.
package struct DependencyMisfit: Error, Hashable {
    /// Everything that is wrong, in words.
    package var reason: String
}
