import Blueprints
import Catalog
import Domain
import JSON

/// Reads a scorecard and collects everything that is wrong with it.
struct ScorecardReader {
    /// Which entities are judged where nothing is said: the system of each tenant.
    private static let usual: JSON = "kind=system,spec.type=tenant"
    private static let asked = ["manifests", "files", "entity", "live", "kubernetes"]

    var faults = EntityFaults()

    /// The scorecard; nil where something is wrong.
    mutating func read(_ value: JSON) -> Scorecard? {
        guard var document = value.object else {
            faults.add(.root, "wrong-type", "Expected an object, not \(value.kindInWords).")
            return nil
        }
        if let place = value.placeOfNUL {
            faults.add(place, "invalid-value", "The text holds U+0000. Take it out.")
            return nil
        }
        document["status"] = nil
        refuseUnknown(document, at: .root, ["apiVersion", "kind", "metadata", "spec"])
        constant(document["apiVersion"], at: ["apiVersion"], "slipway.dev/v1")
        constant(document["kind"], at: ["kind"], "Scorecard")
        let metadata = object(document["metadata"], at: ["metadata"])
        refuseUnknown(metadata, at: ["metadata"], ["name", "title", "description"])
        let name = name(metadata["name"])
        let title = text(metadata["title"], at: ["metadata", "title"], Scorecard.titleMax)
        let summary = text(
            metadata["description"],
            at: ["metadata", "description"],
            Scorecard.summaryMax
        )
        let spec = object(document["spec"], at: ["spec"])
        refuseUnknown(spec, at: ["spec"], ["entities", "levels", "rules"])
        let entities = filter(spec["entities"] ?? Self.usual, at: ["spec", "entities"])
        let levels = levels(spec["levels"])
        let rules = rules(spec["rules"], levels)
        guard faults.entries.isEmpty, let name, let entities else { return nil }
        return Scorecard(
            document: document,
            name: name,
            title: title ?? name.text,
            summary: summary ?? "",
            entities: entities,
            levels: levels,
            rules: rules
        )
    }

    private mutating func name(_ value: JSON?) -> ScorecardName? {
        let place = JSONPointer(["metadata", "name"])
        guard let text = value?.string else {
            faults.add(place, "missing", "The member `name` is needed, a text.")
            return nil
        }
        do throws(NameFault) {
            return try ScorecardName(parsing: text)
        } catch {
            faults.add(place, "invalid-name", error.detail)
            return nil
        }
    }

    private mutating func levels(_ value: JSON?) -> [String] {
        let place = JSONPointer(["spec", "levels"])
        let found = value?.array ?? []
        guard (1...Scorecard.levelsMax).contains(found.count) else {
            faults.add(
                place,
                "missing",
                "Write 1 to \(Scorecard.levelsMax) names of levels, the lowest first."
            )
            return []
        }
        var levels: [String] = []
        for (index, level) in found.enumerated() {
            guard let level = label(level, at: place.appending(index)) else { continue }
            if levels.contains(level) {
                faults.add(place.appending(index), "twice", "`\(level)` is there twice.")
            }
            levels.append(level)
        }
        return levels
    }

    private mutating func rules(_ value: JSON?, _ levels: [String]) -> [Scorecard.Rule] {
        let place = JSONPointer(["spec", "rules"])
        let found = value?.array ?? []
        guard (1...Scorecard.rulesMax).contains(found.count) else {
            faults.add(place, "missing", "Write 1 to \(Scorecard.rulesMax) rules.")
            return []
        }
        var rules: [Scorecard.Rule] = []
        for (index, value) in found.enumerated() {
            let place = place.appending(index)
            guard let rule = rule(value, at: place, levels) else { continue }
            if rules.contains(where: { $0.id == rule.id }) {
                faults.add(place.appending("id"), "twice", "The rule `\(rule.id)` is there twice.")
            }
            rules.append(rule)
        }
        return rules
    }

    private mutating func rule(
        _ value: JSON,
        at place: JSONPointer,
        _ levels: [String]
    ) -> Scorecard.Rule? {
        guard let rule = value.object else {
            faults.add(place, "wrong-type", "Expected an object, not \(value.kindInWords).")
            return nil
        }
        refuseUnknown(rule, at: place, ["id", "title", "level"] + Self.asked)
        let id = label(rule["id"], at: place.appending("id"))
        let title = text(rule["title"], at: place.appending("title"), Scorecard.titleMax)
        let level = rule["level"]?.string
        if level.map(levels.contains) != true {
            let all = levels.map { "`\($0)`" }.joined(separator: ", ")
            faults.add(place.appending("level"), "unknown-value", "Write one of \(all).")
        }
        if title == nil, rule["title"] == nil {
            faults.add(place.appending("title"), "missing", "Say in words what is asked.")
        }
        let check = check(rule, at: place)
        guard let id, let title, let level, let check else { return nil }
        return Scorecard.Rule(id: id, title: title, level: level, check: check)
    }

    private mutating func check(
        _ rule: JSONObject,
        at place: JSONPointer
    ) -> Scorecard.Rule.Check? {
        let said = Self.asked.filter { rule[$0] != nil }
        guard said.count == 1, let what = said.first, let value = rule[what] else {
            let all = Self.asked.map { "`\($0)`" }.joined(separator: ", ")
            faults.add(place, "missing", "A rule asks for exactly one of \(all).")
            return nil
        }
        let inner = place.appending(what)
        switch what {
        case "manifests": return word(value, at: inner).map(Scorecard.Rule.Check.manifests)
        case "live": return word(value, at: inner).map(Scorecard.Rule.Check.live)
        case "entity":
            let written = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
            return filter(value, at: inner).map { .entity($0, written) }
        case "files": return files(value, at: inner).map(Scorecard.Rule.Check.files)
        default:
            guard let range = value.string.flatMap(VersionRange.init) else {
                faults.add(inner, "invalid-value", "Write bounds such as `>=1.33.0 <1.36.0`.")
                return nil
            }
            return .kubernetes(range)
        }
    }

    /// One of the questions that are known.
    private mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ value: JSON,
        at place: JSONPointer
    ) -> Word? {
        if let word = value.string.flatMap(Word.init(rawValue:)) { return word }
        let all = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        faults.add(place, "unknown-value", "Write one of \(all).")
        return nil
    }

    private mutating func files(_ value: JSON, at place: JSONPointer) -> [String]? {
        guard let patterns = texts(value, at: place) else { return nil }
        for (index, pattern) in patterns.enumerated() where PathGlob(pattern) == nil {
            faults.add(
                place.appending(index),
                "invalid-value",
                "A pattern has up to \(PathGlob.bytesMax) bytes and no `/` in front."
            )
        }
        return patterns
    }

    private mutating func filter(_ value: JSON, at place: JSONPointer) -> EntityFilter? {
        guard let texts = texts(value, at: place) else { return nil }
        do throws(EntityFilterFault) {
            let filter = try EntityFilter(parsing: texts)
            guard filter.sets.isEmpty else { return filter }
            faults.add(place, "missing", "Write conditions such as `kind=component,spec.owner`.")
        } catch {
            faults.add(place, "invalid-value", error.detail)
        }
        return nil
    }

    /// One text, or a list of some.
    private mutating func texts(_ value: JSON, at place: JSONPointer) -> [String]? {
        if let text = value.string { return [text] }
        let texts = value.array?.compactMap(\.string) ?? []
        guard texts.count == value.array?.count,
            (1...Scorecard.alternativesMax).contains(texts.count)
        else {
            faults.add(
                place,
                "wrong-type",
                "Expected a text, or a list of 1 to \(Scorecard.alternativesMax) texts."
            )
            return nil
        }
        return texts
    }

    /// A short name of a level or a rule.
    private mutating func label(_ value: JSON?, at place: JSONPointer) -> String? {
        // What is wrong is told in one sentence for all of it.
        if let text = value?.string, (try? ScorecardName(parsing: text)) != nil { return text }
        faults.add(place, "invalid-name", "Write up to 63 of `a-z`, `0-9` and inner `-`.")
        return nil
    }

    private mutating func text(_ value: JSON?, at place: JSONPointer, _ most: Int) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string, (1...most).contains(text.count) else {
            faults.add(place, "invalid-value", "Expected a text of 1 to \(most) characters.")
            return nil
        }
        return text
    }

    private mutating func text(_ value: JSON?, at path: [String], _ most: Int) -> String? {
        text(value, at: JSONPointer(path), most)
    }

    private mutating func constant(_ value: JSON?, at path: [String], _ wanted: String) {
        guard value?.string != wanted else { return }
        faults.add(JSONPointer(path), "invalid-value", "Write `\(wanted)`.")
    }

    private mutating func object(_ value: JSON?, at path: [String]) -> JSONObject {
        if let object = value?.object { return object }
        faults.add(JSONPointer(path), "missing", "The object `\(path[0])` is needed.")
        return JSONObject()
    }

    private mutating func filter(_ value: JSON, at path: [String]) -> EntityFilter? {
        filter(value, at: JSONPointer(path))
    }

    private mutating func refuseUnknown(
        _ object: JSONObject,
        at path: [String],
        _ known: [String]
    ) {
        refuseUnknown(object, at: JSONPointer(path), known)
    }

    private mutating func refuseUnknown(
        _ object: JSONObject,
        at place: JSONPointer,
        _ known: [String]
    ) {
        for key in object.keys where !known.contains(key) {
            let hint = nearest(to: key, in: known).map { " Did you mean `\($0)`?" } ?? ""
            let place = place.appending(key)
            faults.add(place, "unknown-member", "There is no such member.\(hint)")
        }
    }
}
