/// Everything that an API server serves, as it said at one moment.
package struct APIDirectory: Sendable, Equatable {
    /// All kinds in all versions, preferred versions first within a group.
    package private(set) var resources: [APIResource]
    /// Groups of which the server could not say what is in them just then.
    package private(set) var staleGroups: Set<String>
    private var places: [GroupKind: [Int]] = [:]

    /// Those resources; each group's versions in the order of the server's preference.
    package init(resources: [APIResource], staleGroups: Set<String> = []) {
        self.resources = resources
        self.staleGroups = staleGroups
        for (place, resource) in resources.enumerated() {
            places[resource.kind, default: []].append(place)
        }
    }

    /// The versions in which a kind is served, preferred first.
    package func versions(of kind: GroupKind) -> [APIResource] {
        (places[kind] ?? []).map { resources[$0] }
    }

    /// The kind in the first of the versions wished for that is served, else in the server's own.
    ///
    /// - Throws: `.noSuchKind`, or `.unavailable` where the server could not tell.
    package func resource(
        for kind: GroupKind,
        preferring versions: [String] = []
    ) throws(KubernetesFault) -> APIResource {
        let served = self.versions(of: kind)
        for version in versions {
            if let resource = served.first(where: { $0.version == version }) { return resource }
        }
        if let resource = served.first { return resource }
        if staleGroups.contains(kind.group) { throw Self.stale(kind) }
        throw .noSuchKind(kind)
    }

    /// The kind in exactly that version.
    ///
    /// - Throws: `.versionNotServed`, `.noSuchKind`, or `.unavailable`.
    package func resource(
        for kind: GroupKind,
        version: String
    ) throws(KubernetesFault) -> APIResource {
        let resource = try resource(for: kind, preferring: [version])
        guard resource.version == version else {
            if staleGroups.contains(kind.group) { throw Self.stale(kind) }
            let served = versions(of: kind).map(\.version)
            throw .versionNotServed(kind, version: version, served: served)
        }
        return resource
    }

    private static func stale(_ kind: GroupKind) -> KubernetesFault {
        .unavailable(
            retryAfter: nil,
            reason: "it cannot say just now whether it serves \(kind)"
        )
    }
}
