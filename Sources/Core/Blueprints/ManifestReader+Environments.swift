import Domain
import JSON

extension ManifestReader {
    private static let environmentTypes = ["ephemeral", "development", "staging", "production"]
    private static let environmentSections = [
        "name", "description", "path", "types", "images", "parameters", "variables", "substitute",
        "conditions", "url", "outputs", "rollout", "defaults", "limits",
    ]
    /// Parts of a lifetime that a template may limit.
    private static let limitable = ["ttl", "max", "keep"]
    /// Parts of an environment's spec that a template may fill in.
    private static let defaultable = ["lifetime", "readiness", "rollout", "concurrency"]

    /// The section `environments`.
    mutating func environments() -> [EnvironmentBlueprint] {
        let pointer = base.appending("environments")
        guard let given = root["environments"] else { return [] }
        guard let list = given.array, list.count <= EnvironmentBlueprint.countMax else {
            let most = EnvironmentBlueprint.countMax
            add(pointer, "`environments` must be a list of at most \(most) templates")
            return []
        }
        var names: Set<String> = []
        return list.enumerated().compactMap { index, entry in
            let place = pointer.appending(index)
            guard let object = entry.object else {
                add(place, "a template has a `name` and a `path`")
                return nil
            }
            var builtIns = EnvironmentValues.names
            builtIns += Self.texts(object["images"]).map(EnvironmentValues.variable(ofImage:))
            var reader = ManifestReader(object, at: place, of: self, builtIns: builtIns)
            let template = reader.environment()
            take(reader.fault)
            guard let template else { return nil }
            if !names.insert(template.name).inserted {
                add(place.appending("name"), "`\(template.name)` is there already")
            }
            return template
        }
    }

    /// One entry, by the reader of that entry.
    private mutating func environment() -> EnvironmentBlueprint? {
        checkNames(of: root, at: base, known: Self.environmentSections)
        let name = root["name"]?.string ?? ""
        checkLabel(name, at: base.appending("name"), called: "name")
        let folder = folder()
        let types = names("types", amongst: Self.environmentTypes)
        let images = names("images", amongst: nil)
        let url = text("url")
        let outputs = outputs()
        let rollout = rollout()
        let defaults = defaults()
        let limits = limits()
        guard let schema = schema() else { return nil }
        let manifest = BlueprintManifest(
            name: name,
            description: text("description") ?? "",
            parameters: schema,
            variables: variables(),
            substitute: substitute(),
            conditions: conditions()
        )
        return EnvironmentBlueprint(
            name: name,
            description: manifest.description,
            folder: folder,
            types: types,
            images: images,
            url: url,
            outputs: outputs,
            rollout: rollout,
            defaults: defaults,
            limits: limits,
            manifest: manifest
        )
    }

    /// The folder that `path` names.
    mutating func folder(like example: String = "environments/web") -> String {
        let path = root["path"]?.string ?? ""
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isFolder = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        if !isFolder || path.utf8.contains(UInt8(ascii: "$")) {
            add(base.appending("path"), "`path` must name a folder, as in `\(example)`")
        }
        return path
    }

    /// The text of that key; nil where there is none.
    mutating func text(_ key: String) -> String? {
        guard let value = root[key] else { return nil }
        if value.string == nil { add(base.appending(key), "`\(key)` must be a text") }
        return value.string
    }

    /// The texts of a list.
    static func texts(_ value: JSON?) -> [String] {
        value?.array?.compactMap(\.string) ?? []
    }

    /// A list of names; those of images become parts of variables.
    private mutating func names(_ key: String, amongst known: [String]?) -> [String] {
        guard let given = root[key] else { return [] }
        let names = Self.texts(given)
        let most = EnvironmentBlueprint.namesMax
        guard let list = given.array, list.count == names.count, list.count <= most else {
            add(base.appending(key), "`\(key)` must be a list of at most \(most) names")
            return []
        }
        for (index, name) in names.enumerated() {
            let place = base.appending(key).appending(index)
            if let known {
                guard !known.contains(name) else { continue }
                add(place, "`\(name)` is none of \(known.joined(separator: ", "))")
            } else {
                checkLabel(name, at: place, called: name)
            }
        }
        return names
    }

    private mutating func outputs() -> [(name: String, text: String)] {
        guard let given = root["outputs"] else { return [] }
        let place = base.appending("outputs")
        guard let object = given.object, object.count <= EnvironmentBlueprint.namesMax else {
            let most = EnvironmentBlueprint.namesMax
            add(place, "`outputs` must map at most \(most) names to texts")
            return []
        }
        return object.members.compactMap { member in
            guard let text = member.value.string else {
                add(place.appending(member.key), "`\(member.key)` must be a text")
                return nil
            }
            return (member.key, text)
        }
    }

    /// The objects through which traffic is split.
    private mutating func rollout() -> RolloutObjects? {
        guard let given = root["rollout"] else { return nil }
        let place = base.appending("rollout")
        let members = ["deployment", "service", "route"]
        let names = members.compactMap { given[$0]?.string }
        guard let object = given.object, names.count == members.count else {
            add(place, "`rollout` names a `deployment`, a `service` and a `route`")
            return nil
        }
        checkNames(of: object, at: place, known: members)
        return RolloutObjects(deployment: names[0], service: names[1], route: names[2])
    }

    private mutating func defaults() -> JSONObject {
        guard let given = root["defaults"] else { return JSONObject() }
        let place = base.appending("defaults")
        guard let object = given.object else {
            add(place, "`defaults` must hold parts of an environment's spec")
            return JSONObject()
        }
        checkNames(of: object, at: place, known: Self.defaultable)
        return object
    }

    private mutating func limits() -> JSONObject {
        guard let given = root["limits"] else { return JSONObject() }
        let place = base.appending("limits")
        guard let object = given.object else {
            add(place, "`limits` must name the longest `ttl`, `max` or `keep`")
            return JSONObject()
        }
        checkNames(of: object, at: place, known: Self.limitable)
        for member in object {
            do {
                _ = try Duration(lengthParsing: member.value.string ?? "")
            } catch {
                add(place.appending(member.key), "expected a length of time such as 12h or 14d")
            }
        }
        return object
    }
}
