import JSON
import YAML

/// One request, read as far as every handler needs it.
struct APICall: Sendable {
    /// The most bytes of a body: 3 MiB, as the API server of Kubernetes has it.
    static let bodyBytesMax = 3_145_728
    /// The most bytes of a field manager's name, as the API server of Kubernetes has it.
    private static let managerBytesMax = 128

    let request: SandboxRequest
    let cluster: SandboxCluster
    let identity: SandboxIdentity
    let query: APIQuery

    /// Who writes: `fieldManager`, or what the client calls itself.
    var manager: String {
        if let name = query["fieldManager"] { return name }
        let agent = request.header("user-agent") ?? "unknown"
        return String(agent.prefix { $0 != "/" && $0 != " " })
    }

    /// How objects of that kind are written by this call.
    func writing(
        _ resource: SandboxResource,
        version: String,
        subresource: String? = nil
    ) throws(SandboxStatus) -> Writing {
        var writing = Writing(resource, manager, resource.apiVersion(version))
        writing.subresource = subresource
        writing.author = identity
        if let text = query["dryRun"] {
            guard text == "All" else {
                let reason = "Unsupported value: \"\(text)\": supported values: \"All\""
                throw .badOption("PatchOptions", "dryRun: \(reason)")
            }
            writing.isDryRun = true
        }
        guard manager.utf8.count <= Self.managerBytesMax else {
            let reason = "Too long: may not be more than \(Self.managerBytesMax) bytes"
            throw .badOption("PatchOptions", "fieldManager: \(reason)")
        }
        return writing
    }

    /// The body as one object.
    func object() throws(SandboxStatus) -> SandboxObject {
        guard let object = try body().object else {
            throw SandboxStatus(.badRequest, "the body of the request is no object")
        }
        return SandboxObject(object)
    }

    /// What kind of body it is, without parameters.
    var contentType: String {
        let text = request.header("content-type") ?? "application/json"
        return String(text.prefix { $0 != ";" }).lowercased().filter { $0 != " " }
    }

    /// The body, read as what it says that it is.
    func body() throws(SandboxStatus) -> JSON {
        let bytes = request.body
        guard bytes.count <= Self.bodyBytesMax else { throw .tooLarge(limit: Self.bodyBytesMax) }
        switch contentType {
        case "application/json", "application/merge-patch+json", "application/json-patch+json",
            "application/strategic-merge-patch+json":
            do throws(JSONFault) {
                return try JSON.parse(bytes, limits: .document)
            } catch {
                throw SandboxStatus(.badRequest, "error decoding JSON: \(error)")
            }
        case "application/yaml", "application/apply-patch+yaml":
            return try Self.yaml(bytes)
        case "application/vnd.kubernetes.protobuf": return try ProtobufBody.parse(bytes)
        default: throw .unsupported("application/json", "application/yaml")
        }
    }

    /// YAML, or JSON, which almost all of is YAML too and which is read much faster as what it is.
    private static func yaml(_ bytes: [UInt8]) throws(SandboxStatus) -> JSON {
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            if let reason = escapeFault(in: bytes) {
                let text = "error converting YAML to JSON: yaml: \(reason)"
                throw SandboxStatus(.badRequest, "error decoding YAML: \(text)")
            }
            // What is no JSON may still be YAML, such as `{kind: Pod}`.
            if let json = try? JSON.parse(bytes, limits: .document) { return json }
        }
        do throws(YAMLFault) {
            let documents = try YAML.documents(bytes)
            if let first = documents.first, documents.count == 1 { return first.value }
        } catch {
            throw SandboxStatus(.badRequest, "error decoding YAML: \(error)")
        }
        throw SandboxStatus(.badRequest, "error decoding YAML: one document is expected")
    }

    /// What Kubernetes' YAML reader does not know although JSON has it: `\/`, and halves of
    /// surrogate pairs.
    private static func escapeFault(in bytes: [UInt8]) -> String? {
        var place = 0
        while let slash = bytes[place...].firstIndex(of: UInt8(ascii: "\\")) {
            let next = String(decoding: bytes[(slash + 1)...].prefix(3), as: UTF8.self).lowercased()
            if next.hasPrefix("/") { return "found unknown escape character" }
            if ["ud8", "ud9", "uda", "udb"].contains(next) {
                return "found invalid Unicode character escape code"
            }
            place = min(slash + 2, bytes.count)
        }
        return nil
    }
}

extension SandboxAnswer {
    /// A JSON answer.
    init(_ status: Int, _ json: JSON, type: String = "application/json") {
        self.init(
            status: status,
            headers: [("content-type", type)],
            body: .bytes(json.serialized() + [0x0A])
        )
    }

    /// An object in the version that was asked for.
    init(_ status: Int, _ object: SandboxObject, _ target: APITarget) {
        self.init(status, .object(object.served(as: target.apiVersion).json))
    }

    /// A text for people.
    init(_ status: Int, text: String) {
        self.init(
            status: status,
            headers: [("content-type", "text/plain; charset=utf-8")],
            body: .bytes(Array(text.utf8))
        )
    }

    /// A refusal.
    package init(_ status: SandboxStatus) {
        self.init(status.reason.code, status.json)
        if let seconds = status.retryAfterSeconds {
            headers.append(("retry-after", String(seconds)))
        }
        if status.reason == .unauthorized {
            headers.append(("www-authenticate", "Basic realm=\"slipway-sandbox\""))
        }
    }
}
