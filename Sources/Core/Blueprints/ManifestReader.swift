import JSON
import YAML

/// Reads `blueprint.yaml` and collects everything that is wrong with it.
struct ManifestReader {
    private static let sections = [
        "apiVersion", "kind", "metadata", "parameters", "variables", "substitute", "conditions",
    ]
    private let document: YAMLDocument
    /// The file that is read.
    let file: String
    /// What is read: the file, or the part of it that is a template of its own.
    let root: JSONObject
    /// Where that is in the file.
    let base: JSONPointer
    /// Variables that are there without being declared.
    let builtIns: [String]
    private(set) var fault = RenderFault()

    init(
        _ bytes: [UInt8],
        file: String = BlueprintManifest.path,
        builtIns: [String] = BuiltIns.names
    ) throws(RenderFault) {
        do throws(YAMLFault) {
            document = try YAMLDocument(parsing: bytes)
        } catch {
            throw RenderFault(error, file: file)
        }
        base = .root
        self.file = file
        self.builtIns = builtIns
        guard let root = document.value.object else {
            throw RenderFault(
                Finding(
                    .badManifest,
                    file: file,
                    line: 1,
                    column: 1,
                    message: "the file must hold keys and values"
                )
            )
        }
        self.root = root
    }

    /// A reader for a part of the file, where other variables are built in.
    init(_ part: JSONObject, at base: JSONPointer, of whole: ManifestReader, builtIns: [String]) {
        document = whole.document
        file = whole.file
        root = part
        self.base = base
        self.builtIns = builtIns
    }

    mutating func manifest() throws(RenderFault) -> BlueprintManifest {
        let later = ["environments", "offerings"] + BlueprintManifest.reservedSections
        checkNames(of: root, at: base, known: Self.sections + later)
        expect("apiVersion", BlueprintManifest.apiVersion)
        expect("kind", BlueprintManifest.kind)
        let metadata = metadata()
        let schema = schema()
        let variables = variables()
        let substitute = substitute()
        let conditions = conditions()
        let environments = environments()
        let offeringFolders = offeringFolders()
        guard fault.isEmpty, let schema else { throw fault }
        return BlueprintManifest(
            name: metadata.name,
            description: metadata.description,
            parameters: schema,
            variables: variables,
            substitute: substitute,
            conditions: conditions,
            environments: environments,
            offeringFolders: offeringFolders,
            reserved: reserved()
        )
    }

    /// Adds what was found in a part.
    mutating func take(_ found: RenderFault) {
        fault.add(found)
    }

    mutating func expect(_ key: String, _ wanted: String) {
        guard root[key] != .string(wanted) else { return }
        add(base.appending(key), "`\(key)` must be `\(wanted)`")
    }

    private mutating func metadata() -> (name: String, description: String) {
        let pointer = base.appending("metadata")
        guard let metadata = root["metadata"]?.object else {
            add(pointer, "`metadata` with a `name` is missing")
            return ("", "")
        }
        checkNames(of: metadata, at: pointer, known: ["name", "description"])
        let name = metadata["name"]?.string ?? ""
        checkLabel(name, at: pointer.appending("name"), called: "metadata.name")
        let description = metadata["description"] ?? .string("")
        if description.string == nil {
            add(pointer.appending("description"), "`metadata.description` must be a text")
        }
        return (name, description.string ?? "")
    }

    /// Complains about a name that cannot be part of a host name.
    mutating func checkLabel(_ text: String, at place: JSONPointer, called key: String) {
        let isLabel =
            (1...63).contains(text.utf8.count) && text.utf8.first != 0x2D
            && text.utf8.last != 0x2D
            && text.utf8.allSatisfy { $0.isDigit || (0x61...0x7A).contains($0) || $0 == 0x2D }
        guard !isLabel else { return }
        add(place, "`\(key)` must be 1 to 63 lower-case letters, digits and `-`")
    }

    /// The schema of the parameters.
    ///
    /// Names that it does not know are refused unless it says otherwise, so that a typo in a
    /// parameter does not pass.
    mutating func schema(_ key: String = "parameters") -> JSONSchema? {
        let pointer = base.appending(key)
        var schema = JSONObject()
        if let given = root[key] {
            guard let object = given.object, object["type"] == .string("object") else {
                add(pointer, "`\(key)` must be a JSON Schema with `type: object`")
                return nil
            }
            schema = object
        } else {
            schema["type"] = .string("object")
        }
        let isOpen = ["additionalProperties", "unevaluatedProperties", "$ref", "allOf", "anyOf"]
            .contains { schema[$0] != nil }
        if !isOpen { schema["additionalProperties"] = .bool(false) }
        return parsed(.object(schema), at: pointer)
    }

    /// The schema at that place, usable or told to be not.
    mutating func parsed(_ schema: JSON, at pointer: JSONPointer) -> JSONSchema? {
        do throws(SchemaFault) {
            return try JSONSchema(parsing: schema, formats: .assertion)
        } catch {
            add(
                JSONPointer(pointer.tokens + error.pointer.tokens),
                "the JSON Schema is not usable: \(error.reason)"
            )
            return nil
        }
    }

    mutating func variables() -> [String: JSONPointer] {
        let pointer = base.appending("variables")
        guard let given = root["variables"] else { return [:] }
        guard let object = given.object else {
            add(pointer, "`variables` must map names to parameters, as in `REGION: /region`")
            return [:]
        }
        var variables: [String: JSONPointer] = [:]
        for (key, value) in object.map({ ($0.key, $0.value) }) {
            let place = pointer.appending(key)
            let isName = key.utf8.first?.isNameStart ?? false
            if !isName || !key.utf8.allSatisfy({ $0.isNameStart || $0.isDigit }) {
                add(place, "`\(key)` must be letters, digits and `_`, a letter first")
            } else if builtIns.contains(key) {
                add(place, "`\(key)` is built in; choose another name")
            } else if let parameter = parameter(value, at: place) {
                variables[key] = parameter
            }
        }
        return variables
    }

    /// A pointer to a parameter that the schema knows.
    mutating func parameter(_ value: JSON?, at place: JSONPointer) -> JSONPointer? {
        guard let text = value?.string, text.hasPrefix("/"),
            let parameter = JSONPointer(parsing: text)
        else {
            add(place, "must be a JSON Pointer to a parameter, as in `/region`")
            return nil
        }
        var schema = root["parameters"]
        for token in parameter.tokens {
            guard let properties = schema?["properties"]?.object else { return parameter }
            guard let next = properties[token] else {
                let hint = nearest(to: token, in: properties.keys).map { "; did you mean `\($0)`?" }
                add(place, "`parameters` has no `\(text)`\(hint ?? "")")
                return nil
            }
            schema = next
        }
        return parameter
    }

    mutating func substitute() -> PathSelection {
        guard let given = root["substitute"] else { return .all }
        let pointer = base.appending("substitute")
        guard let patterns = given.array else {
            add(pointer, "`substitute` must be a list of patterns, as in `clusters/**`")
            return .all
        }
        var included: [PathGlob] = []
        var excluded: [PathGlob] = []
        for (index, pattern) in patterns.enumerated() {
            let text = pattern.string ?? ""
            if text.hasPrefix("!") {
                excluded += glob(.string(String(text.dropFirst())), at: pointer.appending(index))
            } else {
                included += glob(pattern, at: pointer.appending(index))
            }
        }
        return PathSelection(included: included, excluded: excluded)
    }

    private mutating func glob(_ value: JSON, at place: JSONPointer) -> [PathGlob] {
        guard let text = value.string, let glob = PathGlob(text) else {
            add(place, "must be a pattern for paths, as in `apps/**/*.yaml`, without a leading `/`")
            return []
        }
        return [glob]
    }

    mutating func conditions() -> [FileCondition] {
        guard let given = root["conditions"] else { return [] }
        let pointer = base.appending("conditions")
        guard let list = given.array else {
            add(pointer, "`conditions` must be a list of `files` and `when`")
            return []
        }
        return list.enumerated().compactMap { index, entry in
            condition(entry, at: pointer.appending(index))
        }
    }

    private mutating func condition(_ entry: JSON, at place: JSONPointer) -> FileCondition? {
        guard let object = entry.object else {
            add(place, "a condition has `files` and `when`")
            return nil
        }
        checkNames(of: object, at: place, known: ["files", "when"])
        let patterns = object["files"]?.array ?? []
        if patterns.isEmpty { add(place.appending("files"), "`files` must list patterns") }
        var files: [PathGlob] = []
        for (index, pattern) in patterns.enumerated() {
            files += glob(pattern, at: place.appending("files").appending(index))
        }
        return when(object["when"], at: place.appending("when"), files: files)
    }

    /// What a parameter must be for the files.
    mutating func when(
        _ given: JSON?,
        at place: JSONPointer,
        files: [PathGlob]
    ) -> FileCondition? {
        guard let when = given?.object else {
            add(place, "`when` must name a `parameter`")
            return nil
        }
        checkNames(of: when, at: place, known: ["parameter", "equals", "notEquals", "in"])
        guard
            let parameter = parameter(when["parameter"], at: place.appending("parameter")),
            let test = test(when, at: place)
        else { return nil }
        return FileCondition(files: files, parameter: parameter, test: test)
    }

    private mutating func test(_ when: JSONObject, at place: JSONPointer) -> FileCondition.Test? {
        let given = ["equals", "notEquals", "in"].filter { when[$0] != nil }
        guard given.count <= 1 else {
            add(place, "only one of `equals`, `notEquals` and `in` can be given")
            return nil
        }
        if let value = when["equals"] { return .equals(value) }
        if let value = when["notEquals"] { return .differs(value) }
        guard let list = when["in"] else { return .isSet }
        guard let values = list.array, !values.isEmpty else {
            add(place.appending("in"), "`in` must list values")
            return nil
        }
        return .isOneOf(values)
    }

    private func reserved() -> JSONObject {
        var reserved = JSONObject()
        for name in BlueprintManifest.reservedSections { reserved[name] = root[name] }
        return reserved
    }

    mutating func checkNames(
        of object: JSONObject,
        at place: JSONPointer,
        known: [String]
    ) {
        for key in object.keys where !known.contains(key) {
            let hint = nearest(to: key, in: known).map { "; did you mean `\($0)`?" } ?? ""
            add(place.appending(key), "`\(key)` is not known here\(hint)")
        }
    }

    mutating func add(_ pointer: JSONPointer, _ message: String) {
        var tokens = pointer.tokens
        var place = document.place(of: pointer)
        while place == nil, !tokens.isEmpty {
            tokens.removeLast()
            place = document.place(of: JSONPointer(tokens))
        }
        fault.add(
            Finding(
                .badManifest,
                file: file,
                line: place?.line,
                column: place?.column,
                pointer: pointer.description,
                message: message
            )
        )
    }
}
