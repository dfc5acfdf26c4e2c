import Domain
import JSON

/// Reading `offering.yaml`.
extension ManifestReader {
    private static let offeringSections = [
        "apiVersion", "kind", "metadata", "nameMax", "docs", "requires", "for", "clusters",
        "runsIn", "podSecurity", "plans", "parameters", "variables", "substitute", "conditions",
        "secrets", "outputs", "readiness", "upgrades", "binding",
    ]

    /// The offering of a folder; nil where something is wrong with it.
    mutating func offering(in folder: OfferingFolder) -> OfferingBlueprint? {
        checkNames(of: root, at: base, known: Self.offeringSections)
        expect("apiVersion", BlueprintManifest.apiVersion)
        expect("kind", OfferingBlueprint.kind)
        let head = offeringHead()
        let place: Offering.Place = word("runsIn", else: .tenant)
        let schema = schema()
        let variables = variables()
        let template = template(schema, variables)
        let known = Set(OfferingValues.names + variables.keys)
        checkFiles(of: folder, [.service, .serviceEnd], template, known)
        let plans = plans(schema)
        let secrets = secrets(known: known, startingWith: place == .platform ? "${INSTANCE}" : nil)
        let outputs = outputSchema(known: known)
        let readiness = readiness()
        let upgrades = upgrades()
        let binding = binding(in: folder, variables)
        let docs = docs(in: folder)
        let nameMax = nameMax()
        let requires = requires()
        let owners: Set<Offering.Owner> = words("for")
        let clusters: Set<ClusterKind> = words("clusters")
        let podSecurity: Offering.PodSecurity = word("podSecurity", else: .restricted)
        guard let name = head.name, let version = head.version else { return nil }
        let offering = Offering(
            name: name,
            version: version,
            title: head.title,
            description: head.description,
            tags: head.tags,
            nameMax: nameMax,
            requires: requires,
            owners: owners,
            clusters: clusters,
            place: place,
            podSecurity: podSecurity,
            plans: plans.plans,
            parameters: schema?.source ?? .null,
            outputs: outputs.schema,
            deadline: readiness.deadline,
            upgrades: upgrades,
            binding: binding?.offered,
            docs: docs
        )
        guard fault.isEmpty, let template else { return nil }
        return OfferingBlueprint(
            offering: offering,
            folder: folder.path,
            readiness: readiness.rules,
            secrets: secrets,
            binding: binding?.credential,
            restrictions: plans.restrictions,
            outputs: outputs.values,
            manifest: template
        )
    }

    /// How files are rendered; nil where the schema is not usable.
    mutating func template(
        _ schema: JSONSchema?,
        _ variables: [String: JSONPointer]
    ) -> BlueprintManifest? {
        let substitute = substitute()
        let conditions = conditions()
        guard let schema else { return nil }
        return BlueprintManifest(
            name: "",
            description: "",
            parameters: schema,
            variables: variables,
            substitute: substitute,
            conditions: conditions
        )
    }

    private mutating func offeringHead() -> OfferingHead {
        var head = OfferingHead()
        let place = base.appending("metadata")
        let known = ["name", "title", "description", "version", "tags"]
        guard let metadata = object("metadata", known: known) else {
            if root["metadata"] == nil {
                add(place, "`metadata` with a `name` and a `version` is missing")
            }
            return head
        }
        let name = metadata["name"]?.string ?? ""
        do throws(NameFault) {
            head.name = try OfferingName(parsing: name)
        } catch {
            let rule = "must be 1 to 63 lower-case letters, digits and `-`"
            add(place.appending("name"), "`metadata.name` \(rule)")
        }
        if let version = SemanticVersion(metadata["version"]?.string ?? "") {
            head.version = version
        } else {
            add(
                place.appending("version"),
                "`metadata.version` must be a version by semver.org, such as 1.0.0"
            )
        }
        head.title = text("title", of: metadata, at: place) ?? name
        head.description = text("description", of: metadata, at: place) ?? ""
        head.tags = list("tags", of: metadata, at: place) ?? []
        return head
    }

    private mutating func nameMax() -> Int {
        let most = Offering.nameMaxUsual
        guard let given = root["nameMax"] else { return most }
        guard let length = given.int, (1...most).contains(length) else {
            add(base.appending("nameMax"), "`nameMax` must be a number from 1 to \(most)")
            return most
        }
        return length
    }

    private mutating func requires() -> [ManifestKind] {
        let texts = list("requires", of: root, at: base) ?? []
        return texts.enumerated().compactMap { index, text in
            if let kind = ManifestKind(text), !kind.group.isEmpty { return kind }
            let place = base.appending("requires").appending(index)
            add(place, "`\(text)` must be `group/version/Kind`")
            return nil
        }
    }

    /// What people read who order it.
    private mutating func docs(in folder: OfferingFolder) -> String {
        let name = text("docs") ?? "README.md"
        let most = OfferingBlueprint.docsBytesMax
        guard let bytes = folder.files[name]?.content, bytes.count <= most,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            let rule = "must be a file of UTF-8 with at most \(most >> 10) KiB"
            add(base.appending("docs"), "`\(folder.path)/\(name)` \(rule)")
            return ""
        }
        return text
    }

    private mutating func outputSchema(
        known: Set<String>
    ) -> (schema: JSON, values: [(name: String, value: JSON)]) {
        let place = base.appending("outputs").appending("properties")
        guard root["outputs"] != nil, let schema = schema("outputs") else { return (.null, []) }
        let properties = root["outputs"]?["properties"]?.object ?? JSONObject()
        if properties.count > OfferingBlueprint.outputsMax {
            add(place, "`outputs` must have at most \(OfferingBlueprint.outputsMax) properties")
        }
        let values = properties.compactMap { member -> (name: String, value: JSON)? in
            let at = place.appending(member.key)
            switch member.value["const"] {
            case .string(let text)?:
                checkUses(in: text, at: at.appending("const"), known: known)
                if let type = member.value["type"], type != "string" {
                    add(at.appending("type"), "`const` is a text, so `type` must be `string`")
                }
                return (member.key, .string(text))
            case .number(let number)?: return (member.key, .number(number))
            case .bool(let value)?: return (member.key, .bool(value))
            default:
                add(at, "needs its value in `const`: a text with variables, a number or a boolean")
                return nil
            }
        }
        return (schema.source, values)
    }

    private mutating func upgrades() -> OfferingUpgrades {
        let place = base.appending("upgrades")
        guard let object = object("upgrades", known: ["from", "immutable", "growing"]) else {
            return OfferingUpgrades()
        }
        var range: VersionRange?
        if let text = text("from", of: object, at: place) {
            range = VersionRange(text)
            if range == nil {
                add(place.appending("from"), "`from` must be versions, as in `>=1.2.0 <2.0.0`")
            }
        }
        let growing = parameters("growing", of: object, at: place)
        for parameter in growing {
            let type = parameter.tokens.reduce(root["parameters"]) { $0?["properties"]?[$1] }?[
                "type"
            ]
            if let type, type != "integer", type != "number" {
                add(place.appending("growing"), "`\(parameter)` is no number; only those grow")
            }
        }
        return OfferingUpgrades(
            from: range,
            immutable: parameters("immutable", of: object, at: place),
            growing: growing
        )
    }

    private mutating func readiness() -> (deadline: Duration, rules: [ReadinessRule]) {
        let usual = Offering.deadlineUsual
        guard let object = object("readiness", known: ["deadline", "rules"]) else {
            return (usual, [])
        }
        let place = base.appending("readiness")
        var reader = ManifestReader(object, at: place, of: self, builtIns: builtIns)
        let most = OfferingBlueprint.rulesMax
        let rules = reader.objects("rules", atMost: most, called: "rules").compactMap {
            reader.rule($0, at: $1)
        }
        take(reader.fault)
        return (length("deadline", of: object, at: place) ?? usual, rules)
    }

    private mutating func rule(_ object: JSONObject, at place: JSONPointer) -> ReadinessRule? {
        let known = ["kind", "condition", "field", "in", "failed"]
        checkNames(of: object, at: place, known: known)
        let kind = ManifestKind(object["kind"]?.string ?? "")
        if kind == nil {
            add(place.appending("kind"), "`kind` must be `group/version/Kind` or `version/Kind`")
        }
        let condition = text("condition", of: object, at: place)
        let field = object["field"]?.string.flatMap(JSONPointer.init(parsing:))
        let values = object["in"]?.array ?? []
        let isField = known.dropFirst(2).contains { object[$0] != nil }
        var test: ReadinessRule.Test?
        if let condition, !isField {
            test = .condition(condition)
        } else if let field, condition == nil, !values.isEmpty,
            object["failed"] == nil || object["failed"]?.array != nil
        {
            test = .field(field, in: values, failed: object["failed"]?.array ?? [])
        } else {
            add(place, "a rule has a `condition`, or a `field` with lists `in` and `failed`")
        }
        guard let kind, let test else { return nil }
        return ReadinessRule(kind: kind, test: test)
    }
}

/// `metadata` of an offering.
private struct OfferingHead {
    var name: OfferingName?
    var version: SemanticVersion?
    var title = ""
    var description = ""
    var tags: [String] = []
}
