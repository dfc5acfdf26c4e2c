import JSON

/// Reads what API servers say about themselves.
enum DirectoryReader {
    /// `APIGroupDiscoveryList` (apidiscovery.k8s.io v2 and v2beta1); nil for anything else.
    static func aggregated(_ list: JSONObject) -> APIDirectory? {
        guard list["kind"]?.string == "APIGroupDiscoveryList" else { return nil }
        var resources: [APIResource] = []
        var stale: Set<String> = []
        for item in list["items"]?.array ?? [] {
            let group = item["metadata"]?["name"]?.string ?? ""
            for version in item["versions"]?.array ?? [] {
                if version["freshness"]?.string == "Stale" { stale.insert(group) }
                guard let name = version["version"]?.string else { continue }
                resources += (version["resources"]?.array ?? []).compactMap { resource in
                    Self.aggregated(resource, group: group, version: name)
                }
            }
        }
        return APIDirectory(resources: resources, staleGroups: stale)
    }

    private static func aggregated(
        _ json: JSON,
        group: String,
        version: String
    ) -> APIResource? {
        // Without a kind there are only parts of it.
        guard let plural = json["resource"]?.string,
            let kind = json["responseKind"]?["kind"]?.string, !kind.isEmpty
        else { return nil }
        let parts = (json["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string }
        return APIResource(
            kind: GroupKind(group: group, kind: kind),
            version: version,
            plural: plural,
            isNamespaced: json["scope"]?.string == "Namespaced",
            verbs: Set(texts(json["verbs"])),
            shortNames: texts(json["shortNames"]),
            subresources: Set(parts)
        )
    }

    /// The versions of the core group, from `APIVersions`.
    static func coreVersions(_ list: JSONObject) -> [String] { texts(list["versions"]) }

    /// Groups with their versions, preferred first, from `APIGroupList`.
    static func groups(_ list: JSONObject) -> [(group: String, versions: [String])] {
        (list["groups"]?.array ?? []).compactMap { group in
            guard let name = group["name"]?.string else { return nil }
            let preferred = group["preferredVersion"]?["version"]?.string
            let all = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
            let first = all.filter { $0 == preferred }
            return (name, first + all.filter { $0 != preferred })
        }
    }

    /// The kinds of one version, from `APIResourceList`.
    static func resources(
        _ list: JSONObject,
        group: String,
        version: String
    ) -> [APIResource] {
        let all = list["resources"]?.array ?? []
        let names = all.compactMap { $0["name"]?.string }
        return all.compactMap { json in
            guard let plural = json["name"]?.string, !plural.contains("/"),
                let kind = json["kind"]?.string
            else { return nil }
            let parts = names.filter { $0.hasPrefix(plural + "/") }
            return APIResource(
                kind: GroupKind(group: group, kind: kind),
                version: version,
                plural: plural,
                isNamespaced: json["namespaced"]?.bool ?? false,
                verbs: Set(texts(json["verbs"])),
                shortNames: texts(json["shortNames"]),
                subresources: Set(parts.map { String($0.dropFirst(plural.count + 1)) })
            )
        }
    }

    private static func texts(_ json: JSON?) -> [String] {
        (json?.array ?? []).compactMap(\.string)
    }
}
