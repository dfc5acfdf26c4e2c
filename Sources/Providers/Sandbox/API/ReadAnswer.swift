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
            throw SandboxStatus(
                .notAcceptable,
                "only the following media types are accepted: application/json"
            )
        }
        if target.isWatch { return try await WatchAnswer(target, form).answer() }
        guard let key = target.key else { return try await list(form) }
        guard let object = try await call.cluster.get(key) else {
            throw .notFound(resource, key.name)
        }
        switch target.place.subresource {
        case nil, "status": return shown(object, form)
        case "scale" where resource.hasScale:
            return SandboxAnswer(200, Scale(object, resource).json)
        case "log" where resource.kind == SandboxKind("Pod"):
            return SandboxAnswer(
                200,
                text: "slipway sandbox: \(key.name) is played, so it has nothing to say\n"
            )
        default: throw .noSuchResource
        }
    }

    private func shown(_ object: SandboxObject, _ form: APIForm) -> SandboxAnswer {
        let served = object.served(as: target.apiVersion)
        switch form {
        case .table: return SandboxAnswer(200, table([served], header(object.revision, nil)))
        case .metadata: return SandboxAnswer(200, served.partial)
        default: return SandboxAnswer(200, .object(served.json))
        }
    }

    private func list(_ form: APIForm) async throws(SandboxStatus) -> SandboxAnswer {
        let selection = try Selection(call.query, namespace: target.place.namespace)
        let limit = call.query["limit"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let found = try await collect(selection, limit: limit)
        let metadata = header(found.revision, found.next)
        switch form {
        case .table: return SandboxAnswer(200, table(found.objects, metadata))
        case .metadata:
            return SandboxAnswer(
                200,
                [
                    "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                    "metadata": metadata, "items": .array(found.objects.map(\.partial)),
                ]
            )
        default:
            return SandboxAnswer(
                200,
                [
                    "kind": .string(resource.kind.name + "List"),
                    "apiVersion": .string(target.apiVersion), "metadata": metadata,
                    "items": .array(found.objects.map { .object($0.listed(in: resource)) }),
                ]
            )
        }
    }

    private func table(_ objects: [SandboxObject], _ metadata: JSON) -> JSON {
        TableText(resource, version: target.place.version, now: call.cluster.now)
            .table(of: objects, metadata: metadata, rows: call.query["includeObject"])
    }

    private func header(_ revision: Int64, _ next: String?) -> JSON {
        var metadata = JSONObject()
        metadata["resourceVersion"] = .string(String(revision))
        metadata["continue"] = next.map { .string($0) }
        return .object(metadata)
    }

    private struct Found {
        var objects: [SandboxObject] = []
        var revision: Int64 = 0
        var next: String?
    }

    /// The selected objects from where the caller stands, as many as wanted.
    private func collect(
        _ selection: Selection,
        limit: Int?
    ) async throws(SandboxStatus) -> Found {
        var found = Found()
        var token = try call.query["continue"].map { text throws(SandboxStatus) in
            try ContinueToken(parsing: text)
        }
        while true {
            var query = SandboxQuery(resource.kind, namespace: selection.namespace)
            query.after = token?.after
            query.limit = Self.batch
            let asked = query
            let page = try await asking { () async throws(SandboxOutage) in
                try await call.cluster.server.records.list(asked, in: call.cluster.name)
            }
            guard let page else { throw .noSuchResource }
            if let token, token.revision < page.head.compacted { throw .continueExpired }
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

/// Where a list goes on.
private struct ContinueToken {
    let revision: Int64
    let after: SandboxQuery.Place

    init(revision: Int64, after: SandboxQuery.Place) {
        self.revision = revision
        self.after = after
    }

    init(parsing text: String) throws(SandboxStatus) {
        // What is no JSON is no token.
        guard let bytes = Base64URL.decode(text), let json = try? JSON.parse(bytes),
            let revision = json["rv"]?.int, let namespace = json["ns"]?.string,
            let name = json["name"]?.string
        else { throw SandboxStatus(.badRequest, "continue key is not valid") }
        self.revision = Int64(revision)
        after = SandboxQuery.Place(namespace: namespace, name: name)
    }

    var text: String {
        let json: JSON = [
            "rv": .integer(revision), "ns": .string(after.namespace), "name": .string(after.name),
        ]
        return Base64URL.encode(json.serialized())
    }
}

extension SandboxRecord {
    var place: SandboxQuery.Place {
        SandboxQuery.Place(namespace: key.namespace ?? "", name: key.name)
    }
}

extension SandboxStatus {
    static var continueExpired: SandboxStatus {
        SandboxStatus(
            .expired,
            "The provided continue parameter is too old to display a consistent list result. You "
                + "must start a new list without the continue parameter."
        )
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

/// The `scale` subresource of a workload.
struct Scale {
    let object: SandboxObject
    let resource: SandboxResource

    init(_ object: SandboxObject, _ resource: SandboxResource) {
        self.object = object
        self.resource = resource
    }

    var json: JSON {
        var metadata = JSONObject()
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object.metadata[field]
        }
        var status = JSONObject()
        status["replicas"] = object.status["replicas"] ?? 0
        let labels = object.spec["selector"]?["matchLabels"]?.object ?? JSONObject()
        status["selector"] = .string(
            labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        )
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
            "spec": ["replicas": object.spec["replicas"] ?? 0], "status": .object(status),
        ]
    }
}
