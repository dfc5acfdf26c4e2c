import Domain
import JSON

/// Reading what an offering says of Secrets and bindings.
extension ManifestReader {
    private static let bindingSections = [
        "parameters", "variables", "substitute", "conditions", "secrets", "credentials",
        "credentialsFrom", "type", "deadline", "rotation",
    ]

    /// The section `secrets`; names of Secrets that are made must start as told.
    mutating func secrets(known: Set<String>, startingWith start: String?) -> [SecretBlueprint] {
        let most = OfferingBlueprint.secretsMax
        return objects("secrets", atMost: most, called: "Secrets").map { object, place in
            checkNames(of: object, at: place, known: ["name", "type", "data", "when"])
            let name = object["name"]?.string ?? ""
            if name.isEmpty { add(place.appending("name"), "`name` must name the Secret") }
            checkUses(in: name, at: place.appending("name"), known: known)
            let data = secretData(object, at: place, known: known)
            let isMade = data.contains { !$0.value.isGiven }
            if let start, isMade, !name.hasPrefix(start) {
                add(place.appending("name"), "`name` must start with `\(start)`")
            }
            return SecretBlueprint(
                secret: OfferingSecret(
                    name: name,
                    type: text("type", of: object, at: place) ?? OfferingBinding.typeUsual,
                    data: data
                ),
                condition: object["when"].flatMap {
                    when($0, at: place.appending("when"), files: [])
                }
            )
        }
    }

    private mutating func secretData(
        _ object: JSONObject,
        at place: JSONPointer,
        known: Set<String>
    ) -> [OfferingSecret.Entry] {
        let place = place.appending("data")
        let most = OfferingBlueprint.credentialsMax
        guard let data = object["data"]?.object, (1...most).contains(data.count) else {
            add(place, "`data` must have 1 to \(most) keys")
            return []
        }
        let values = data.compactMap { member -> OfferingSecret.Entry? in
            let at = place.appending(member.key)
            checkKey(member.key, at: at)
            return secretValue(member.value, at: at, known: known).map {
                OfferingSecret.Entry(member.key, $0)
            }
        }
        let texts = values.compactMap { entry -> (String, String)? in
            guard case .text(let text) = entry.value else { return nil }
            return (entry.key, text)
        }
        checkReferences(texts, amongst: data.keys.map(\.self), at: place)
        return values
    }

    private mutating func secretValue(
        _ value: JSON,
        at place: JSONPointer,
        known: Set<String>
    ) -> OfferingSecret.Value? {
        if let text = value.string {
            checkUses(in: text, at: place, known: known)
            return .text(text)
        }
        let lengths = OfferingSecret.randomLengths
        if value.object?.count == 1, let length = value["random"] {
            if let number = length.int, lengths.contains(number) { return .random(number) }
            add(place, "`random` must be from \(lengths.lowerBound) to \(lengths.upperBound)")
            return nil
        }
        if value.object?.count == 1, let text = value["given"]?.string, !text.isEmpty {
            return .given(text)
        }
        add(place, "must be a text, `{random: 32}` or `{given: \"what it is\"}`")
        return nil
    }

    private mutating func checkKey(_ key: String, at place: JSONPointer) {
        let isKey =
            (1...253).contains(key.utf8.count) && key != "." && key != ".."
            && key.utf8.allSatisfy {
                $0.isNameStart || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
        if !isKey { add(place, "`\(key)` must be letters, digits, `-`, `_` and `.`") }
    }

    /// Complains about `$(key)` that leads nowhere or in a circle.
    private mutating func checkReferences(
        _ texts: [(String, String)],
        amongst keys: [String]?,
        at place: JSONPointer
    ) {
        let references = Dictionary(uniqueKeysWithValues: texts.map { ($0, KeyReferences.of($1)) })
        for (key, _) in texts {
            for other in references[key] ?? [] where keys?.contains(other) == false {
                let hint = nearest(to: other, in: keys ?? []).map { "; did you mean `\($0)`?" }
                add(place.appending(key), "there is no key `\(other)`\(hint ?? "")")
            }
            var reached: Set<String> = []
            var open = references[key] ?? []
            while let next = open.popLast() {
                if reached.insert(next).inserted { open += references[next] ?? [] }
            }
            if reached.contains(key) {
                add(place.appending(key), "`$(\(key))` leads back to itself")
            }
        }
    }

    /// The section `binding`, and what callers see of it.
    mutating func binding(
        in folder: OfferingFolder,
        _ variables: [String: JSONPointer]
    ) -> (credential: CredentialBlueprint, offered: OfferingBinding)? {
        guard let object = object("binding", known: Self.bindingSections) else {
            for part in [OfferingBlueprint.Part.binding, .bindingEnd] where folder.has(part) {
                add(base, "`\(part.rawValue)/` has files, but there is no `binding`")
            }
            return nil
        }
        let place = base.appending("binding")
        var reader = ManifestReader(object, at: place, of: self, builtIns: builtIns)
        let binding = reader.binding(in: folder, of: variables)
        take(reader.fault)
        return binding
    }

    private mutating func binding(
        in folder: OfferingFolder,
        of outer: [String: JSONPointer]
    ) -> (credential: CredentialBlueprint, offered: OfferingBinding)? {
        let schema = schema()
        let variables = variables()
        for name in variables.keys.sorted() where outer[name] != nil {
            let at = base.appending("variables").appending(name)
            add(at, "`\(name)` is a variable of the offering already; choose another name")
        }
        let template = template(schema, variables)
        let names = OfferingValues.names + CredentialValues.names
        let known = Set(names + outer.keys + variables.keys)
        checkFiles(of: folder, [.binding, .bindingEnd], template, known)
        let secrets = secrets(known: known, startingWith: "${CREDENTIAL}")
        let credentials = credentials(known: known)
        let takesAllOf = text("credentialsFrom")
        if let takesAllOf {
            checkUses(in: takesAllOf, at: base.appending("credentialsFrom"), known: known)
        } else if root["credentials"] == nil {
            add(base, "`binding` needs `credentials` or `credentialsFrom`")
        }
        let offered = offeredBinding(schema)
        guard let template else { return nil }
        let credential = CredentialBlueprint(
            secrets: secrets,
            credentials: credentials,
            takesAllOf: takesAllOf,
            manifest: template
        )
        return (credential, offered)
    }

    /// What callers see of a binding.
    private mutating func offeredBinding(_ schema: JSONSchema?) -> OfferingBinding {
        let rotation = object("rotation", known: ["every", "overlap"]) ?? JSONObject()
        let at = base.appending("rotation")
        let offered = OfferingBinding(
            parameters: schema?.source ?? .null,
            type: text("type") ?? OfferingBinding.typeUsual,
            deadline: length("deadline", of: root, at: base) ?? OfferingBinding.deadlineUsual,
            rotatesEvery: length("every", of: rotation, at: at),
            overlap: length("overlap", of: rotation, at: at) ?? OfferingBinding.overlapUsual
        )
        if let every = offered.rotatesEvery, every <= offered.overlap {
            add(at, "`every` must be longer than `overlap`")
        }
        return offered
    }

    private mutating func credentials(
        known: Set<String>
    ) -> [CredentialEntry] {
        let place = base.appending("credentials")
        guard let given = object("credentials") else { return [] }
        let most = OfferingBlueprint.credentialsMax
        if given.count > most { add(place, "`credentials` must have at most \(most) keys") }
        var texts: [(String, String)] = []
        let all = given.compactMap { member -> CredentialEntry? in
            let at = place.appending(member.key)
            checkKey(member.key, at: at)
            if let text = member.value.string {
                checkUses(in: text, at: at, known: known)
                texts.append((member.key, text))
                return CredentialEntry(member.key, .text(text))
            }
            guard member.value.object?.count == 2, let name = member.value["secret"]?.string,
                let key = member.value["key"]?.string
            else {
                add(at, "must be a text or `{secret: name, key: key}`")
                return nil
            }
            checkUses(in: name, at: at, known: known)
            checkUses(in: key, at: at, known: known)
            return CredentialEntry(member.key, .secret(name: name, key: key))
        }
        let keys = root["credentialsFrom"] == nil ? given.keys.map(\.self) : nil
        checkReferences(texts, amongst: keys, at: place)
        return all
    }
}

extension OfferingSecret.Value {
    /// Whether somebody else makes it.
    var isGiven: Bool {
        guard case .given = self else { return false }
        return true
    }
}
