import JSON

/// A service that runs, for one environment, in an environment of its own beside that: a companion,
/// with what runs elsewhere in the tenant at that version.
package struct CompanionService: Sendable, Hashable {
    /// The service.
    package var service: ServiceName
    /// What must run there.
    package var version: VersionWish
    /// The image that the version is of; nil for every image that runs there.
    package var image: String?
    /// What the template knows it by; nil for the name of the service.
    package var alias: ServiceName?

    /// That service, at that version.
    package init(
        service: ServiceName,
        version: VersionWish,
        image: String? = nil,
        alias: ServiceName? = nil
    ) {
        self.service = service
        self.version = version
        self.image = image
        self.alias = alias
    }

    /// What the template knows it by.
    package var name: ServiceName { alias ?? service }

    /// The one of those environments whose live roll-out is taken for it: of the highest version,
    /// and of two the one that was rolled out last; nil where none meets the version.
    package func model(among environments: [Environment]) -> Environment? {
        let fitting = environments.filter { found in
            found.status.companionOf == nil && found.spec.service == service
                && found.status.phase != .deleting
                && found.status.live.map { version.isMet(by: $0.content, image: image) } ?? false
        }
        return fitting.max { left, right in
            guard let one = left.status.live, let other = right.status.live else { return false }
            switch (one.content.version(of: image), other.content.version(of: image)) {
            case (let lower?, let higher?) where lower != higher: return lower < higher
            case (nil, _?): return true
            case (_?, nil): return false
            default: return one.since < other.since
            }
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("service", service.text)
            writer.member("version", version.text)
            writer.member("image", orNull: image)
            writer.member("name", orNull: alias?.text)
        }
    }

    init?(reading document: JSON) {
        guard let service = document["service"].flatMap(ServiceName.init(stored:)),
            let version = (document["version"]?.string).flatMap(VersionWish.init(parsing:))
        else { return nil }
        self.init(
            service: service,
            version: version,
            image: document["image"]?.string,
            alias: document["name"].flatMap(ServiceName.init(stored:))
        )
    }
}

/// What is stored, together with an environment, of one companion of it.
package struct CompanionOrder: Sendable, Equatable {
    /// Which of the environment's dependencies it is.
    package var index: Int
    /// The environment whose live roll-out it runs; nil where it stays at what it has.
    package var model: EnvironmentName?
    /// The companion, new or changed.
    package var decision: Environment.Decision

    /// That decision about that dependency.
    package init(index: Int, model: EnvironmentName?, decision: Environment.Decision) {
        self.index = index
        self.model = model
        self.decision = decision
    }
}
