import JSON
import Outbound
import Secrets

/// Reads one context of a kubeconfig and notes everything that is wrong on the way.
struct KubeconfigReader {
    private let file: JSONObject
    let origin: KubeconfigOrigin
    private(set) var findings: [KubeconfigFinding] = []
    private(set) var warnings: [KubeconfigFinding] = []

    init(_ file: JSONObject, _ origin: KubeconfigOrigin) {
        self.file = file
        self.origin = origin
    }

    typealias Result = (ClusterAccess, context: String, namespace: String?)

    /// The context of that name, or the current one; nil, with findings, where it cannot be used.
    mutating func read(_ wanted: String?) -> Result? {
        guard let name = contextName(wanted),
            let context = entry(name, in: "contexts", "context", for: "/current-context")
        else { return nil }
        let clusterName = text(context, "cluster") ?? ""
        let userName = text(context, "user") ?? ""
        let from = "\(context.pointer)"
        let cluster = entry(clusterName, in: "clusters", "cluster", for: "\(from)/cluster")
        let user = entry(userName, in: "users", "user", for: "\(from)/user")
        guard let cluster, let user else { return nil }
        let server = server(cluster)
        var trust = OutboundTrust()
        readTrust(cluster, &trust)
        readIdentity(user, &trust)
        let authorization = authorization(user)
        let impersonation = impersonation(user)
        if authorization == nil, trust.certificate == nil, findings.isEmpty {
            note(user.pointer, "the user has neither a token nor a certificate")
        }
        guard findings.isEmpty, let server else { return nil }
        var access = ClusterAccess(server: server, trust: trust)
        access.authorization = authorization
        access.impersonation = impersonation
        let namespace = text(context, "namespace").flatMap { $0.isEmpty ? nil : $0 }
        return (access, name, namespace)
    }

    mutating func note(_ pointer: JSONPointer, _ message: String) {
        findings.append(KubeconfigFinding(pointer, message))
    }

    mutating func warn(_ pointer: JSONPointer, _ message: String) {
        warnings.append(KubeconfigFinding(pointer, message))
    }

    // MARK: - Entries

    /// The insides of a named entry, and where they stand.
    struct Entry {
        let pointer: JSONPointer
        let json: JSONObject
    }

    private mutating func contextName(_ wanted: String?) -> String? {
        if let wanted { return wanted }
        if let current = Self.text(file["current-context"]), !current.isEmpty { return current }
        let contexts = (file["contexts"]?.array ?? []).compactMap { Self.text($0["name"]) }
        if contexts.count == 1 { return contexts[0] }
        note(
            JSONPointer(["current-context"]),
            "say with `current-context` which of the \(contexts.count) contexts is meant"
        )
        return nil
    }

    private mutating func entry(
        _ name: String,
        in list: String,
        _ member: String,
        for reference: String
    ) -> Entry? {
        let entries = file[list]?.array ?? []
        let places = entries.indices.filter { Self.text(entries[$0]["name"]) == name }
        guard let place = places.first else {
            let words = name.isEmpty ? "nothing is named here" : "`\(list)` has no `\(name)`"
            note(JSONPointer(parsing: reference) ?? .root, words)
            return nil
        }
        let pointer = JSONPointer([list, "\(place)", member])
        if places.count > 1 { note(pointer, "there are \(places.count) entries of this name") }
        return Entry(pointer: pointer, json: entries[place][member]?.object ?? JSONObject())
    }

    // MARK: - Values

    /// Texts; numbers and booleans as Kubernetes' own reader takes them where texts belong.
    private static func text(_ value: JSON?) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    func text(_ entry: Entry, _ member: String) -> String? { Self.text(entry.json[member]) }

    func isTrue(_ entry: Entry, _ member: String) -> Bool { entry.json[member]?.bool ?? false }

    /// Whether something stands there.
    func has(_ entry: Entry, _ member: String) -> Bool {
        switch entry.json[member] {
        case nil, .null?, .string("")?: false
        case .array(let list)?: !list.isEmpty
        case .object(let object)?: !object.isEmpty
        default: true
        }
    }

    func names(_ entry: Entry, _ member: String) -> [String] {
        (entry.json[member]?.array ?? []).compactMap { Self.text($0) }
    }

    /// What `<member>-data` holds, or the file that `<member>` names where files are read.
    mutating func content(_ entry: Entry, _ member: String) -> [UInt8]? {
        let inline = entry.pointer.appending("\(member)-data")
        if has(entry, "\(member)-data") {
            let digits = text(entry, "\(member)-data")?.filter { !$0.isWhitespace } ?? ""
            if let bytes = Base64.decode(digits), !bytes.isEmpty { return bytes }
            note(inline, "this is no base64")
            return nil
        }
        guard has(entry, member), let path = text(entry, member) else { return nil }
        return file(path, at: entry.pointer.appending(member), instead: "\(member)-data")
    }

    /// A file, where files are read.
    mutating func file(
        _ path: String,
        at pointer: JSONPointer,
        instead member: String
    ) -> [UInt8]? {
        guard case .trusted(let readFile) = origin else {
            note(pointer, "files are not read: put the content into `\(member)`")
            return nil
        }
        do {
            return try readFile(path)
        } catch {
            note(pointer, "the file cannot be read")
            return nil
        }
    }
}
