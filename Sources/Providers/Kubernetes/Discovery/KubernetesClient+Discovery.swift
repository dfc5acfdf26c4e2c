import JSON

extension KubernetesClient {
    /// The kind as this server serves it: in the first of the versions wished for, else in the
    /// server's own preference.
    ///
    /// A kind that is not known is looked for again, so that one installed just now is found.
    ///
    /// - Throws: `.noSuchKind`, or `.unavailable` where the server cannot tell just now.
    package func resource(
        for kind: GroupKind,
        preferring versions: [String] = []
    ) async throws(KubernetesFault) -> APIResource {
        try await looking { directory throws(KubernetesFault) in
            try directory.resource(for: kind, preferring: versions)
        }
    }

    /// The kind in exactly that version.
    ///
    /// - Throws: `.versionNotServed`, `.noSuchKind`, or `.unavailable`.
    package func resource(
        for kind: GroupKind,
        version: String
    ) async throws(KubernetesFault) -> APIResource {
        try await looking { directory throws(KubernetesFault) in
            try directory.resource(for: kind, version: version)
        }
    }

    /// Everything that the server serves.
    package func directory() async throws(KubernetesFault) -> APIDirectory {
        try await directory(ageMax: limits.directoryAgeMax)
    }

    /// Forgets what the server serves: after kinds were installed or removed.
    package func forgetDirectory() { discovery.forget() }

    private func directory(ageMax: Duration) async throws(KubernetesFault) -> APIDirectory {
        try await discovery.value(ageMax: ageMax, clock: clock) { () throws(KubernetesFault) in
            try await askForDirectory()
        }
    }

    private func looking(
        _ find: (APIDirectory) throws(KubernetesFault) -> APIResource
    ) async throws(KubernetesFault) -> APIResource {
        let known = try await directory()
        do throws(KubernetesFault) { return try find(known) } catch .cancelled {
            throw .cancelled
        } catch {
            let now = try await directory(ageMax: limits.directoryAgeMin)
            return try find(now)
        }
    }

    /// Runs `body` with the kind as it is served, once more where that turns out to be outdated.
    func addressing<Value: Sendable>(
        _ kind: GroupKind,
        version: String? = nil,
        _ body: (APIResource) async throws(KubernetesFault) -> Value
    ) async throws(KubernetesFault) -> Value {
        let known = try await addressed(kind, version)
        do throws(KubernetesFault) { return try await body(known) } catch {
            guard error == .noSuchKind(kind) else { throw error }
            let now = try await addressed(kind, version)
            guard now != known else { throw error }
            return try await body(now)
        }
    }

    private func addressed(
        _ kind: GroupKind,
        _ version: String?
    ) async throws(KubernetesFault) -> APIResource {
        if let version { return try await resource(for: kind, version: version) }
        return try await resource(for: kind)
    }

    // MARK: - Asking

    /// Names the aggregated form first, in the order that servers insist on: g, v, as.
    private static let accept = [
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/json",
    ].joined(separator: ",")

    private func askForDirectory() async throws(KubernetesFault) -> APIDirectory {
        let core = try await ask("/api")
        let groups = try await ask("/apis")
        if let core = DirectoryReader.aggregated(core),
            let groups = DirectoryReader.aggregated(groups)
        {
            return APIDirectory(
                resources: core.resources + groups.resources,
                staleGroups: core.staleGroups.union(groups.staleGroups)
            )
        }
        let all =
            [(group: "", versions: DirectoryReader.coreVersions(core))]
            + DirectoryReader.groups(groups)
        return try await askEach(all)
    }

    /// Servers before 1.26, and proxies that drop the `Accept` field: one question a version.
    private func askEach(
        _ groups: [(group: String, versions: [String])]
    ) async throws(KubernetesFault) -> APIDirectory {
        var resources: [APIResource] = []
        var stale: Set<String> = []
        for (group, versions) in groups {
            for version in versions {
                let path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
                do throws(KubernetesFault) {
                    let list = try await ask(path)
                    resources += DirectoryReader.resources(list, group: group, version: version)
                } catch {
                    // One aggregated API that is down does not hide the others.
                    guard case .unavailable = error else { throw error }
                    stale.insert(group)
                }
            }
        }
        return APIDirectory(resources: resources, staleGroups: stale)
    }

    private func ask(_ path: String) async throws(KubernetesFault) -> JSONObject {
        let request = KubernetesRequest(
            "GET",
            path,
            headers: [("accept", Self.accept)],
            timeout: limits.timeout
        )
        do throws(KubernetesFault) {
            return try await send(Call(request, "get", path)).object()
        } catch {
            // Every API server has these paths. A proxy in front of one that is away has not, and
            // must not be taken for a server without the kind or the object.
            guard case .notFound(let reason) = error else { throw error }
            throw .unavailable(
                retryAfter: nil,
                reason: "no Kubernetes API answers at its address: \(reason)"
            )
        }
    }
}
