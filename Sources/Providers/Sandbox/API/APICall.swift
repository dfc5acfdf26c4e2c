import Domain
import JSON
import YAML

/// One request, read as far as every handler needs it.
struct APICall: Sendable {
    /// The most bytes of a body: 3 MiB, as the API server of Kubernetes has it.
    static let bodyBytesMax = 3_145_728

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
        switch query["dryRun"] {
        case nil: break
        case "All": writing.isDryRun = true
        case let other?:
            throw SandboxStatus(
                .invalid,
                "PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: "
                    + "\"\(other)\": "
                    + "supported values: \"All\""
            )
        }
        guard manager.utf8.count <= 128 else {
            throw SandboxStatus(.invalid, "fieldManager: Too long: may not be more than 128 bytes")
        }
        return writing
    }

    /// The body as one object.
    func object() throws(SandboxStatus) -> SandboxObject {
        guard let object = try body(as: contentType ?? "application/json").object else {
            throw SandboxStatus(.badRequest, "the body of the request is no object")
        }
        return SandboxObject(object)
    }

    /// What kind of body it is, without parameters.
    var contentType: String? {
        request.header("content-type").map { text in
            String(text.prefix { $0 != ";" }).lowercased().filter { $0 != " " }
        }
    }

    /// The body, read as that type.
    func body(as type: String) throws(SandboxStatus) -> JSON {
        guard request.body.count <= Self.bodyBytesMax else {
            throw SandboxStatus(
                .tooLarge,
                "Request entity too large: limit is \(Self.bodyBytesMax)"
            )
        }
        switch type {
        case "application/json", "application/merge-patch+json", "application/json-patch+json",
            "application/strategic-merge-patch+json":
            return try json()
        case "application/yaml", "application/apply-patch+yaml": return try yaml()
        case "application/vnd.kubernetes.protobuf": return try ProtobufBody.parse(request.body)
        default:
            throw SandboxStatus(
                .unsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml"
            )
        }
    }

    private func json() throws(SandboxStatus) -> JSON {
        do throws(JSONFault) {
            return try JSON.parse(request.body, limits: .document)
        } catch {
            throw SandboxStatus(.badRequest, "error decoding JSON: \(error)")
        }
    }

    private func yaml() throws(SandboxStatus) -> JSON {
        if let reason = Self.escapeFault(in: request.body) {
            throw SandboxStatus(
                .badRequest,
                "error decoding YAML: error converting YAML to JSON: yaml: \(reason)"
            )
        }
        let documents: [YAMLManifest]
        do throws(YAMLFault) {
            documents = try YAML.documents(request.body)
        } catch {
            throw SandboxStatus(.badRequest, "error decoding YAML: \(error)")
        }
        guard let first = documents.first, documents.count == 1 else {
            throw SandboxStatus(.badRequest, "error decoding YAML: one document is expected")
        }
        return first.value
    }

    /// What Kubernetes' YAML reader does not know although JSON has it: `\/`, and halves of
    /// surrogate pairs.
    private static func escapeFault(in bytes: [UInt8]) -> String? {
        guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
        var place = 0
        while let slash = bytes[place...].firstIndex(of: UInt8(ascii: "\\")) {
            guard slash + 1 < bytes.count else { return nil }
            if bytes[slash + 1] == UInt8(ascii: "/") { return "found unknown escape character" }
            let next = bytes[(slash + 1)...].prefix(3).map { $0 | 0x20 }
            let surrogates = [
                UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"),
            ]
            if next.starts(with: "ud".utf8), next.count == 3,
                surrogates.contains(bytes[slash + 3] | (bytes[slash + 3] > 0x40 ? 0x20 : 0))
            {
                return "found invalid Unicode character escape code"
            }
            place = slash + 2
        }
        return nil
    }
}

extension SandboxAnswer {
    /// A JSON answer.
    init(_ status: Int, _ json: JSON) {
        self.init(
            status: status,
            headers: [("content-type", "application/json")],
            body: .bytes(json.serialized() + [0x0A])
        )
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
