import JSON
import Secrets

/// `GET`: one object, a list, a watch, or a part of an object.
struct ReadAnswer {
    /// The most objects that are read at once while a list is selected from: 500.
    private static let batch = 500

    let target: APITarget
    private var call: APICall { target.call }
    private var resource: SandboxResource { target.resource }

    init(_ target: APITarget) { self.target = target }

    func answer() async throws(SandboxStatus) -> SandboxAnswer {
        guard let form = APIForm(accepting: call.request.header("accept")) else {
            let text = "only the following media types are accepted: application/json"
            throw SandboxStatus(.notAcceptable, text)
        }
        if target.isWatch { return try await WatchAnswer(target, form).answer() }
        guard let key = target.key else { return try await list(form) }
        guard let object = try await call.cluster.get(key) else {
            throw .notFound(resource, key.name)
        }
        switch target.place.subresource {
        case nil, "status": return shown(object, form)
        case "scale" where resource.hasScale: return SandboxAnswer(200, Scale(object).json)
        case "log" where resource.kind == SandboxKind("Pod"):
            return try PodLog(of: object, call.query, at: call.cluster.now).answer()
        default: throw .noSuchResource
        }
    }

    private func shown(_ object: SandboxObject, _ form: APIForm) -> SandboxAnswer {
        let served = object.served(as: target.apiVersion)
        switch form {
        case .table:
            let metadata: JSON = ["resourceVersion": .string(String(object.revision))]
            return SandboxAnswer(200, TableText(target).table(of: [served], metadata: metadata))
        case .metadata: return SandboxAnswer(200, served.partial)
        default: return SandboxAnswer(200, .object(served.json))
        }
    }

    private func list(_ form: APIForm) async throws(SandboxStatus) -> SandboxAnswer {
        let found = try await collect(Selection(call.query, namespace: target.place.namespace))
        var metadata: JSONObject = ["resourceVersion": .string(String(found.revision))]
        metadata["continue"] = found.next.map { .string($0) }
        if form == .table {
            let table = TableText(target).table(of: found.objects, metadata: .object(metadata))
            return SandboxAnswer(200, table)
        }
        var list: JSONObject = [
            "kind": .string(resource.kind.name + "List"), "apiVersion": .string(target.apiVersion),
            "metadata": .object(metadata),
        ]
        if form == .metadata {
            list["kind"] = "PartialObjectMetadataList"
            list["apiVersion"] = "meta.k8s.io/v1"
            list["items"] = .array(found.objects.map(\.partial))
        } else {
            list["items"] = .array(found.objects.map { .object($0.listed(in: resource)) })
        }
        return SandboxAnswer(200, .object(list))
    }

    private struct Found {
        var objects: [SandboxObject] = []
        var revision: Int64 = 0
        var next: String?
    }

    /// The selected objects from where the caller stands, as many as wanted.
    private func collect(_ selection: Selection) async throws(SandboxStatus) -> Found {
        let limit = call.query["limit"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        var found = Found()
        var token = try call.query["continue"].map { text throws(SandboxStatus) in
            try ContinueToken(parsing: text)
        }
        while true {
            let page = try await call.cluster.page(
                SandboxQuery(
                    resource.kind,
                    namespace: selection.namespace,
                    after: token?.after,
                    limit: Self.batch
                )
            )
            if let token, token.revision < page.head.compacted { throw ContinueToken.expired }
            if found.revision == 0 { found.revision = token?.revision ?? page.head.revision }
            for record in page.records {
                token = ContinueToken(revision: found.revision, after: record.place)
                let object = try SandboxObject(record).served(as: target.apiVersion)
                guard selection.selects(object) else { continue }
                found.objects.append(object)
                if found.objects.count == limit { break }
            }
            let isFull = found.objects.count == limit
            if isFull, page.records.last?.place != token?.after || page.records.count == Self.batch
            {
                found.next = token?.text
            }
            if isFull || page.records.count < Self.batch { return found }
        }
    }
}

/// Where a list goes on: `<revision>/<namespace>/<name>`.
private struct ContinueToken {
    let revision: Int64
    let after: SandboxQuery.Place

    init(revision: Int64, after: SandboxQuery.Place) {
        self.revision = revision
        self.after = after
    }

    init(parsing text: String) throws(SandboxStatus) {
        let parts =
            Base64URL.decode(text).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard parts.count == 3, let revision = Int64(parts[0]) else {
            throw SandboxStatus(.badRequest, "continue key is not valid")
        }
        self.revision = revision
        after = SandboxQuery.Place(namespace: String(parts[1]), name: String(parts[2]))
    }

    var text: String {
        Base64URL.encode(Array("\(revision)/\(after.namespace)/\(after.name)".utf8))
    }

    static let expired = SandboxStatus(
        .expired,
        "The provided continue parameter is too old to display a consistent list result. You must "
            + "start a new list without the continue parameter."
    )
}

extension SandboxRecord {
    fileprivate var place: SandboxQuery.Place {
        SandboxQuery.Place(namespace: key.namespace ?? "", name: key.name)
    }
}

extension SandboxObject {
    /// As lists have it: Kubernetes' own kinds do not repeat their kind.
    fileprivate func listed(in resource: SandboxResource) -> JSONObject {
        guard resource.isBuiltIn else { return json }
        var object = json
        object["apiVersion"] = nil
        object["kind"] = nil
        return object
    }

    /// The metadata alone.
    var partial: JSON {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": .object(metadata),
        ]
    }
}
