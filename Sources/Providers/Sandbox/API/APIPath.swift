/// What a path of the API names.
enum APIPath: Equatable, Sendable {
    /// `/version`.
    case version
    /// `/healthz`, `/livez`, `/readyz`, and what stands below them.
    case health
    /// `/api`.
    case core
    /// `/apis`.
    case groups
    /// `/apis/GROUP`.
    case group(String)
    /// `/api/v1`, `/apis/GROUP/VERSION`.
    case resources(group: String, version: String)
    /// `/openapi/v2`.
    case oldOpenAPI
    /// `/openapi/v3`, with the group and version behind it.
    case openAPI(String)
    /// Objects, one object, or a part of one.
    case objects(Place)

    /// Where objects stand.
    struct Place: Equatable, Sendable {
        var group: String
        var version: String
        var namespace: String?
        var plural: String
        var name: String?
        var subresource: String?

        /// What a request does there, in the words of roles.
        func verb(of method: String, isWatch: Bool) -> String {
            switch method {
            case "POST": "create"
            case "PUT": "update"
            case "PATCH": "patch"
            case "DELETE": name == nil ? "deletecollection" : "delete"
            default: isWatch ? "watch" : name == nil ? "list" : "get"
            }
        }
    }

    /// Reads a path; nil where nothing is served.
    init?(_ path: String) {
        var parts: [String] = []
        for part in path.split(separator: "/") {
            guard let text = URLText.decode(part, plusIsSpace: false),
                !text.utf8.contains(0)
            else { return nil }
            parts.append(text)
        }
        switch (parts.first, parts.count) {
        case ("version", 1): self = .version
        case ("healthz", _), ("livez", _), ("readyz", _): self = .health
        case ("openapi", 2) where parts[1] == "v2": self = .oldOpenAPI
        case ("openapi", _):
            guard parts.count > 1, parts[1] == "v3" else { return nil }
            self = .openAPI(parts.dropFirst(2).joined(separator: "/"))
        case ("api", 1): self = .core
        case ("apis", 1): self = .groups
        case ("apis", 2): self = .group(parts[1])
        case ("api", 2): self = .resources(group: "", version: parts[1])
        case ("apis", 3): self = .resources(group: parts[1], version: parts[2])
        case ("api", _):
            self.init(group: "", version: parts[1], parts.dropFirst(2))
        case ("apis", _):
            self.init(group: parts[1], version: parts[2], parts.dropFirst(3))
        default: return nil
        }
    }

    /// What kind of objects stands there: `pods`, `deployments.apps/scale`; nil for other paths.
    var resource: String? {
        guard case .objects(let place) = self else { return nil }
        let kind = place.group.isEmpty ? place.plural : "\(place.plural).\(place.group)"
        return place.subresource.map { "\(kind)/\($0)" } ?? kind
    }

    private init?(group: String, version: String, _ rest: ArraySlice<String>) {
        var place = Place(group: group, version: version, plural: "")
        var tail = rest
        let isPart = rest.count == 3 && ["status", "finalize"].contains(rest.last)
        if rest.first == "namespaces", rest.count >= 3, !isPart {
            place.namespace = rest.dropFirst().first
            tail = rest.dropFirst(2)
        }
        guard let plural = tail.popFirst(), tail.count <= 2 else { return nil }
        place.plural = plural
        place.name = tail.popFirst()
        place.subresource = tail.popFirst()
        self = .objects(place)
    }
}

/// Percent-encoding in paths and queries.
enum URLText {
    /// The text behind an encoded one; nil where it is none (RFC 3986 §2.1).
    static func decode(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// The parameters of a call.
struct APIQuery: Sendable {
    private let items: [(name: String, value: String)]

    init(_ text: String?) {
        items = (text ?? "").split(separator: "&").compactMap { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = URLText.decode(parts[0], plusIsSpace: true) else { return nil }
            let value = parts.count > 1 ? URLText.decode(parts[1], plusIsSpace: true) : ""
            return value.map { (name, $0) }
        }
    }

    /// The value of a parameter; nil where it is absent or empty.
    subscript(name: String) -> String? {
        items.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// Whether a parameter says yes.
    func isSet(_ name: String) -> Bool {
        ["true", "1"].contains(self[name] ?? "")
    }
}
