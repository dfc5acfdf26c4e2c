/// Words of a server made fit for logs, events and people: one line, bounded, without what looks
/// like a secret.
struct PlainText: Sendable, Equatable {
    /// Characters that are kept: longer messages repeat themselves.
    static let charactersMax = 600

    let text: String

    init(_ bytes: some Collection<UInt8>) {
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    init(_ raw: String) {
        var line = String.UnicodeScalarView()
        for scalar in raw.unicodeScalars.prefix(Self.charactersMax * 4) {
            let isPlain = scalar.properties.generalCategory != .control && scalar != "\u{2028}"
            line.append(isPlain ? scalar : " ")
        }
        let words = String(line).split(separator: " ").map { Self.masked($0) }
        var text = words.joined(separator: " ")
        if let key = text.firstRange(of: "-----BEGIN") {
            text = String(text[..<key.lowerBound]) + "…"
        }
        if text.count > Self.charactersMax {
            text = String(text.prefix(Self.charactersMax - 1)) + "…"
        }
        self.text = text
    }

    /// Tokens of service accounts are JSON Web Tokens, whose first letters are always the same.
    private static func masked(_ word: Substring) -> String {
        guard let start = word.firstRange(of: "eyJ"),
            word[start.lowerBound...].utf8.count > 40
        else { return String(word) }
        return String(word[..<start.lowerBound]) + "(withheld)"
    }
}
