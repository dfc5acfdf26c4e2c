import HTTP

/// The formats that bodies come in.
struct MediaType: Sendable, Hashable {
    /// Type and subtype in lower case, without parameters.
    let essence: String

    static let json = MediaType(essence: "application/json")
    static let mergePatch = MediaType(essence: "application/merge-patch+json")
    static let yaml = MediaType(essence: "application/yaml")
    static let form = MediaType(essence: "application/x-www-form-urlencoded")
    static let eventStream = MediaType(essence: "text/event-stream")

    /// Reads the value of `Content-Type`; a charset other than UTF-8 makes it another format.
    init?(parsing text: String) {
        // What nearly everybody sends.
        guard text != Self.json.essence else {
            self = .json
            return
        }
        let parts = text.split(separator: ";").map { part in
            part.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        guard let essence = parts.first, essence.contains("/") else { return nil }
        let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }
        guard charsets.allSatisfy({ $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" }) else {
            return nil
        }
        self.essence = essence
    }

    init(essence: String) {
        self.essence = essence
    }

    /// Whether the client asks for this format by name (RFC 9110 §12.5.1).
    ///
    /// Anything else gets the operation's own format: a wrong `Accept` is no reason to refuse an
    /// answer.
    func isAskedFor(by headers: HeaderFields) -> Bool {
        headers.values(of: .accept).contains { line in
            line.split(separator: ",").contains { part in
                MediaType(parsing: String(part))?.essence == essence
            }
        }
    }
}
