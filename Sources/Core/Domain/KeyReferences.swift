/// Where a text names other keys, as `$(key)`.
package enum KeyReferences {
    /// The keys in the order of the text.
    package static func of(_ text: String) -> [String] {
        var keys: [String] = []
        _ = filled(text) { key in
            keys.append(key)
            return ""
        }
        return keys
    }

    /// The text with the values of the keys that it names; a key without a value stays as it is.
    package static func filled(_ text: String, by value: (String) -> String?) -> String {
        var filled = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "$") {
            let open = rest.index(after: start)
            filled += rest[..<start]
            rest = rest[start...]
            guard open < rest.endIndex, rest[open] == "(", let end = rest.firstIndex(of: ")")
            else {
                filled += "$"
                rest = rest.dropFirst()
                continue
            }
            let key = String(rest[rest.index(after: open)..<end])
            filled += value(key) ?? String(rest[...end])
            rest = rest[rest.index(after: end)...]
        }
        return filled + rest
    }
}
