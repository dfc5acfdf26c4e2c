import Domain
import JSON

/// Reading parts of `offering.yaml`.
extension ManifestReader {
    /// The folders under `offerings` of `blueprint.yaml`.
    mutating func offeringFolders() -> [String] {
        let most = OfferingBlueprint.countMax
        var folders: [String] = []
        for (object, place) in objects("offerings", atMost: most, called: "offerings") {
            var reader = ManifestReader(object, at: place, of: self, builtIns: builtIns)
            reader.checkNames(of: object, at: place, known: ["path"])
            let folder = reader.folder(like: "offerings/cache")
            take(reader.fault)
            if folders.contains(folder) {
                add(place.appending("path"), "`\(folder)` is there already")
            }
            folders.append(folder)
        }
        return folders
    }

    /// The object under a key; nil where there is none.
    mutating func object(_ key: String, known: [String]? = nil) -> JSONObject? {
        guard let given = root[key] else { return nil }
        let place = base.appending(key)
        guard let object = given.object else {
            add(place, "`\(key)` must hold keys and values")
            return nil
        }
        if let known { checkNames(of: object, at: place, known: known) }
        return object
    }

    /// The objects of a list, each with its place.
    mutating func objects(
        _ key: String,
        atMost most: Int,
        called what: String
    ) -> [(JSONObject, JSONPointer)] {
        guard let given = root[key] else { return [] }
        let pointer = base.appending(key)
        guard let list = given.array, list.count <= most else {
            add(pointer, "`\(key)` must be a list of at most \(most) \(what)")
            return []
        }
        return list.enumerated().compactMap { index, entry in
            let place = pointer.appending(index)
            guard let object = entry.object else {
                add(place, "must hold keys and values")
                return nil
            }
            return (object, place)
        }
    }

    /// The text of an object's key; nil where there is none.
    mutating func text(_ key: String, of object: JSONObject, at place: JSONPointer) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string else {
            add(place.appending(key), "`\(key)` must be a text")
            return nil
        }
        return text
    }

    /// The list of texts of a key; nil where there is none.
    mutating func list(
        _ key: String,
        of object: JSONObject,
        at place: JSONPointer
    ) -> [String]? {
        guard let value = object[key] else { return nil }
        let texts = Self.texts(value)
        guard let array = value.array, array.count == texts.count else {
            add(place.appending(key), "`\(key)` must be a list of texts")
            return nil
        }
        return texts
    }

    /// A length of time; nil where there is none.
    mutating func length(
        _ key: String,
        of object: JSONObject,
        at place: JSONPointer
    ) -> Duration? {
        guard let text = text(key, of: object, at: place) else { return nil }
        do throws(DurationFault) {
            return try Duration(lengthParsing: text)
        } catch {
            add(place.appending(key), "expected a length of time such as 90s, 15m or 90d")
            return nil
        }
    }

    /// One of a few words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        else usual: Word
    ) -> Word {
        guard let text = text(key) else { return usual }
        return word(text, at: base.appending(key)) ?? usual
    }

    /// A choice amongst a few words; all of them where nothing is said.
    mutating func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(
        _ key: String
    ) -> Set<Word> {
        guard let texts = list(key, of: root, at: base) else { return Set(Word.allCases) }
        let place = base.appending(key)
        if texts.isEmpty { add(place, "`\(key)` must name at least one; all hold without it") }
        let words: [Word] = texts.enumerated().compactMap { index, text in
            word(text, at: place.appending(index))
        }
        return Set(words)
    }

    private mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String,
        at place: JSONPointer
    ) -> Word? {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        let hint = nearest(to: text, in: known).map { "; did you mean `\($0)`?" } ?? ""
        add(place, "`\(text)` is none of \(known.joined(separator: ", "))\(hint)")
        return nil
    }

    /// Pointers to parameters that the schema has.
    mutating func parameters(
        _ key: String,
        of object: JSONObject,
        at place: JSONPointer
    ) -> [JSONPointer] {
        guard let texts = list(key, of: object, at: place) else { return [] }
        return texts.enumerated().compactMap { index, text in
            parameter(.string(text), at: place.appending(key).appending(index))
        }
    }

    /// Complains about what a text uses and nobody declares.
    mutating func checkUses(in text: String, at place: JSONPointer, known: Set<String>) {
        var found = RenderFault()
        let uses = Substitution.uses(in: Array(text.utf8), file: file, fault: &found)
        for finding in found.findings { add(place, finding.message) }
        for use in uses ?? [] where use.isUnknown(in: known) {
            add(place, use.complaint(known: known))
        }
    }
}

extension VariableUse {
    /// Whether it must be declared and is not.
    func isUnknown(in known: Set<String>) -> Bool {
        !known.contains(name) && fallback == nil && !isOptional
    }

    /// What is said then.
    func complaint(known: Set<String>) -> String {
        let hint = nearest(to: name, in: known.sorted()).map { "; did you mean \($0)?" } ?? "."
        return "the variable \(name) is not defined\(hint) Declare it under `variables`, give a "
            + "default with `${\(name):-…}`, or write `$${\(name)}` if the text itself is meant"
    }
}
