/// What others say about an object, made fit to be shown: one line, bounded, without secrets.
package enum VendorMessage {
    /// The most bytes of a message.
    package static let bytesMax = 512

    /// The message without line breaks, credentials and excess.
    package static func text(_ message: String) -> String {
        var words: [String] = []
        var bytes = 0
        var hidesNext = false
        for word in message.unicodeScalars.split(whereSeparator: isSpace) {
            let text = String(word)
            if text.hasPrefix("-----BEGIN") {
                words.append("[key removed]")
                break
            }
            words.append(hidesNext ? "***" : scrubbed(text))
            hidesNext = announcesSecret(text)
            bytes += text.utf8.count + 1
            if bytes > 2 * bytesMax { break }
        }
        return bounded(words.joined(separator: " "))
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || (0x7F...0xA0).contains(scalar.value)
            || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// Words after which a secret stands: `Bearer …`, `password: …`.
    private static func announcesSecret(_ word: String) -> Bool {
        let plain = word.lowercased().drop { "\"'({".contains($0) }
        if plain == "bearer" || plain == "basic" { return true }
        guard let last = plain.last, last == ":" || last == "=" else { return false }
        return names.contains { plain.contains($0) }
    }

    private static let names = [
        "password", "passwd", "token", "secret_key", "secretkey", "secret-key", "access_key",
        "accesskey", "api_key", "apikey", "client_secret", "clientsecret", "authorization",
        "private_key",
    ]

    private static func scrubbed(_ word: String) -> String {
        if word.contains("eyJ"), word.utf8.count > 40 { return "***" }
        let lower = word.lowercased()
        for separator: Character in ["=", ":"] {
            guard let place = lower.firstIndex(of: separator),
                place < lower.index(before: lower.endIndex),
                names.contains(where: { lower[..<place].contains($0) })
            else { continue }
            let kept = word.prefix(lower.distance(from: lower.startIndex, to: place) + 1)
            return "\(kept)***"
        }
        return withoutUser(word)
    }

    /// `https://user:password@host/path` without what stands before the `@`.
    private static func withoutUser(_ word: String) -> String {
        let parts = word.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return word }
        let host = parts[1].prefix { $0 != "/" && $0 != "?" }
        guard let at = host.lastIndex(of: "@") else { return word }
        return "\(parts[0])://***\(parts[1][at...])"
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > bytesMax else { return text }
        var kept = ""
        var bytes = 0
        for character in text {
            bytes += character.utf8.count
            guard bytes <= bytesMax - 3 else { break }
            kept.append(character)
        }
        return kept + "…"
    }
}
