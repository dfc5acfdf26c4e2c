import JSON

/// How much of each object is told.
package enum Projection: Sendable, Hashable {
    /// All of it.
    case whole
    /// `metadata` alone: enough to know what is there, without what Secrets hold.
    case metadata

    var accept: String {
        switch self {
        case .whole: "application/json"
        case .metadata: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
        }
    }

    var acceptList: String {
        switch self {
        case .whole: "application/json"
        case .metadata: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
        }
    }
}

extension KubernetesClient {
    /// The object; nil where there is none of that name.
    ///
    /// - Throws: `.noSuchKind` where the kind is not served.
    package func get(
        _ key: ObjectKey,
        projection: Projection = .whole
    ) async throws(KubernetesFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            return try await addressing(key.kind) { resource throws(KubernetesFault) in
                let request = KubernetesRequest(
                    "GET",
                    try resource.path(to: key),
                    headers: [("accept", projection.accept)],
                    timeout: limits.timeout
                )
                let reply = try await send(Call(request, "get", resource, nil))
                return try reply.kubernetesObject(of: resource, projection)
            }
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    /// Whether the incarnation with that UID is gone, whatever has its name now.
    package func isGone(
        _ key: ObjectKey,
        uid: String
    ) async throws(KubernetesFault) -> Bool {
        guard let object = try await get(key, projection: .metadata) else { return true }
        return object.uid != uid
    }

    /// The objects of a kind, of one namespace or of all, in the state of one moment.
    ///
    /// `labels`: a selector in Kubernetes' syntax.
    ///
    /// `fields`: a selector such as `metadata.name=a`.
    ///
    /// - Throws: `.tooLarge` where the list goes beyond the client's limits.
    package func list(
        _ kind: GroupKind,
        namespace: String? = nil,
        labels: String? = nil,
        fields: String? = nil,
        projection: Projection = .whole
    ) async throws(KubernetesFault) -> ObjectList {
        let selection = Selection(kind, namespace: namespace, labels: labels, fields: fields)
        return try await list(selection, projection: projection, lane: .bulk)
    }

    func list(
        _ selection: Selection,
        projection: Projection,
        lane: Lane,
        trim: @Sendable (inout JSONObject) -> Void = { _ in }
    ) async throws(KubernetesFault) -> ObjectList {
        try await addressing(selection.kind) { resource throws(KubernetesFault) in
            var restarts = 0
            while true {
                var pages = Pages(of: resource, limits)
                do throws(KubernetesFault) {
                    while let token = pages.next {
                        let reply = try await page(selection, resource, token, projection, lane)
                        try pages.received(reply, projection, trim)
                    }
                    return pages.list
                } catch {
                    // The pages belong to one state, which the server has dropped meanwhile.
                    guard case .expired = error, restarts < limits.listRestartsMax else {
                        throw error
                    }
                    restarts += 1
                }
            }
        }
    }

    private func page(
        _ selection: Selection,
        _ resource: APIResource,
        _ token: String,
        _ projection: Projection,
        _ lane: Lane
    ) async throws(KubernetesFault) -> Reply {
        var query = selection.query
        query.append(("limit", "\(limits.pageObjectsMax)"))
        if !token.isEmpty { query.append(("continue", token)) }
        let request = KubernetesRequest(
            "GET",
            resource.path(namespace: selection.namespace),
            query: query,
            headers: [("accept", projection.acceptList)],
            lane: lane,
            timeout: limits.pageTimeout
        )
        return try await send(Call(request, "list", resource, nil))
    }
}

/// Which objects of a kind are meant.
struct Selection: Sendable, Hashable {
    let kind: GroupKind
    let namespace: String?
    let labels: String?
    let fields: String?

    init(
        _ kind: GroupKind,
        namespace: String? = nil,
        labels: String? = nil,
        fields: String? = nil
    ) {
        self.kind = kind
        self.namespace = namespace
        self.labels = labels
        self.fields = fields
    }

    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let labels { query.append(("labelSelector", labels)) }
        if let fields { query.append(("fieldSelector", fields)) }
        return query
    }
}

/// Puts the pages of one list together.
struct Pages: Sendable {
    private let resource: APIResource
    private let limits: ClientLimits
    private var count = 0
    private var bytes = 0
    private(set) var list = ObjectList(items: [], resourceVersion: "")
    /// Where the next page begins: empty for the first one, nil after the last one.
    private(set) var next: String? = ""

    init(of resource: APIResource, _ limits: ClientLimits) {
        self.resource = resource
        self.limits = limits
    }

    /// Takes a page; only its `continue` says whether it is the last one.
    mutating func received(
        _ reply: Reply,
        _ projection: Projection,
        _ trim: (inout JSONObject) -> Void
    ) throws(KubernetesFault) {
        count += 1
        bytes += reply.body.count
        guard count <= limits.pagesMax, bytes <= limits.listBytesMax else {
            throw .tooLarge(
                reason: "there are too many \(resource.plural): more than \(list.items.count)"
            )
        }
        let page = try reply.object()
        let metadata = page["metadata"]
        for item in page["items"]?.array ?? [] {
            guard var json = item.object else { continue }
            trim(&json)
            list.items.append(try resource.object(json, projection))
        }
        if let version = metadata?["resourceVersion"]?.string { list.resourceVersion = version }
        let token = metadata?["continue"]?.string ?? ""
        next = token.isEmpty ? nil : token
    }
}

extension APIResource {
    /// An object of this kind; told in part it calls itself something else.
    func object(
        _ json: JSONObject,
        _ projection: Projection
    ) throws(KubernetesFault) -> KubernetesObject {
        var json = json
        if projection == .metadata || json["kind"] == nil {
            json["apiVersion"] = .string(apiVersion)
            json["kind"] = .string(kind.kind)
        }
        return try KubernetesObject(json, kind: kind, version: version)
    }
}

extension Reply {
    func kubernetesObject(
        of resource: APIResource,
        _ projection: Projection = .whole
    ) throws(KubernetesFault) -> KubernetesObject {
        try resource.object(try object(), projection)
    }
}
