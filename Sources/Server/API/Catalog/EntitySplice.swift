import JSON

/// The places in the stored text of a descriptor where what Slipway knows of it goes.
///
/// Stored texts are Slipway's own, without space; reading them as JSON to write them again takes
/// most of the time of an answer. What is not as expected is read as JSON instead.
struct EntitySplice: Equatable {
    private let text: [UInt8]
    /// Where the object of the annotations ends; nil where there is none.
    private var annotationsEnd: Int?
    private var hasAnnotations = false
    private var hasNamespace = false
    private var metadataEnd = 0
    private var end = 0

    /// Finds the places; nil where the text is not as Slipway writes it, or says itself what
    /// Slipway alone says.
    init?(_ text: [UInt8]) {
        self.text = text
        var metadata: Int?
        guard
            let end = members(
                from: 0,
                { key, start in
                    if key.elementsEqual("metadata".utf8) { metadata = start }
                    return !key.elementsEqual("relations".utf8)
                }
            ), end == text.count - 1, let metadata
        else { return nil }
        self.end = end
        var annotations: Int?
        var isNamed = false
        guard
            let metadataEnd = members(
                from: metadata,
                { key, start in
                    if key.elementsEqual("annotations".utf8) { annotations = start }
                    if key.elementsEqual("namespace".utf8) { isNamed = true }
                    return !["uid", "etag"].contains { key.elementsEqual($0.utf8) }
                }
            ), metadataEnd > metadata + 1
        else { return nil }
        self.metadataEnd = metadataEnd
        hasNamespace = isNamed
        guard let annotations else { return }
        var isEmpty = true
        annotationsEnd = members(
            from: annotations,
            { key, _ in
                isEmpty = false
                return !Self.own.contains { key.starts(with: $0.utf8) }
            }
        )
        hasAnnotations = !isEmpty
        guard annotationsEnd != nil else { return nil }
    }

    /// What annotations of Slipway's own begin with.
    private static let own = ["backstage.io/managed-by", "backstage.io/orphan", "slipway.dev/"]

    /// The text with all of that; `annotations` has one at least.
    func text(
        annotations: [(key: String, value: String)],
        namespace: String,
        metadata: [(key: String, value: String)],
        relations: [UInt8]
    ) -> [UInt8] {
        var answer: [UInt8] = []
        answer.reserveCapacity(text.count + relations.count + 512)
        let added = Self.members(annotations)
        var place = 0
        if let annotationsEnd {
            answer += text[..<annotationsEnd]
            if hasAnnotations { answer.append(UInt8(ascii: ",")) }
            answer += added
            place = annotationsEnd
        }
        answer += text[place..<metadataEnd]
        if !hasNamespace {
            answer += [UInt8(ascii: ",")] + Self.members([("namespace", namespace)])
        }
        if annotationsEnd == nil {
            answer += Array(",\"annotations\":{".utf8) + added + [UInt8(ascii: "}")]
        }
        answer += [UInt8(ascii: ",")] + Self.members(metadata)
        answer += text[metadataEnd..<end]
        answer += Array(",\"relations\":".utf8) + relations + [UInt8(ascii: "}")]
        return answer
    }

    private static func members(_ members: [(key: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (key, value) in members {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += JSON.string(key).serialized()
            bytes.append(UInt8(ascii: ":"))
            bytes += JSON.string(value).serialized()
        }
        return bytes
    }

    /// Walks through the members of the object that begins at a place, each with where its value
    /// begins, until `go` says no.
    ///
    /// - Returns: where the object ends; nil where it does not, or is none.
    private func members(
        from start: Int,
        _ go: (ArraySlice<UInt8>, Int) -> Bool
    ) -> Int? {
        guard start + 1 < text.count, text[start] == UInt8(ascii: "{") else { return nil }
        var place = start + 1
        if text[place] == UInt8(ascii: "}") { return place }
        while let keyEnd = endOfString(at: place) {
            guard keyEnd < text.count, text[keyEnd] == UInt8(ascii: ":"),
                go(text[place + 1..<keyEnd - 1], keyEnd + 1),
                let valueEnd = endOfValue(at: keyEnd + 1), valueEnd < text.count
            else { return nil }
            switch text[valueEnd] {
            case UInt8(ascii: "}"): return valueEnd
            case UInt8(ascii: ","): place = valueEnd + 1
            default: return nil
            }
        }
        return nil
    }

    /// The place behind a text with its quotes.
    private func endOfString(at start: Int) -> Int? {
        guard start < text.count, text[start] == UInt8(ascii: "\"") else { return nil }
        var place = start + 1
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\""): return place + 1
            case UInt8(ascii: "\\"): place += 2
            default: place += 1
            }
        }
        return nil
    }

    /// The place behind a value: its comma, or the bracket around it.
    private func endOfValue(at start: Int) -> Int? {
        var place = start
        var depth = 0
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(at: place) else { return nil }
                place = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return place > start ? place : nil }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return place > start ? place : nil
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: return nil
            default: break
            }
            place += 1
        }
        return nil
    }
}
