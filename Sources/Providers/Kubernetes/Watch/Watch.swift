import JSON
import Synchronization

/// Events of one kind as they come, read by one task at a time; given up with the value.
package final class Watch: Sendable {
    private let body: any KubernetesBody
    private let stream: Mutex<JSONStream>
    private let resource: APIResource
    private let projection: Projection
    private let trim: @Sendable (inout JSONObject) -> Void

    init(
        _ body: any KubernetesBody,
        of resource: APIResource,
        _ projection: Projection,
        eventBytesMax: Int,
        trim: @escaping @Sendable (inout JSONObject) -> Void
    ) {
        self.body = body
        self.resource = resource
        self.projection = projection
        self.trim = trim
        stream = Mutex(JSONStream(objectBytesMax: eventBytesMax))
    }

    /// The next event; nil where the server has ended the watch, which it does every few minutes:
    /// go on from the last state.
    ///
    /// - Throws: `.expired` where the state to watch from is too old: list again.
    package func next() async throws(KubernetesFault) -> WatchEvent? {
        while true {
            if let bytes = try taken() {
                return try WatchEvent(bytes, of: resource, projection, trim: trim)
            }
            guard let bytes = try await body.next() else { return nil }
            stream.withLock { $0.received(bytes) }
        }
    }

    private func taken() throws(KubernetesFault) -> [UInt8]? {
        try stream.withLock { stream throws(KubernetesFault) in try stream.next() }
    }
}

extension KubernetesClient {
    /// Watches the objects of a kind from the state of a list.
    ///
    /// `start`: the `resourceVersion` of a list or of the last event of another watch.
    ///
    /// - Throws: `.expired` where that state is too old: list again.
    package func watch(
        _ kind: GroupKind,
        namespace: String? = nil,
        labels: String? = nil,
        fields: String? = nil,
        from start: String,
        projection: Projection = .whole
    ) async throws(KubernetesFault) -> Watch {
        let selection = Selection(kind, namespace: namespace, labels: labels, fields: fields)
        return try await watch(selection, from: start, projection: projection, trim: { _ in })
    }

    func watch(
        _ selection: Selection,
        from start: String,
        projection: Projection,
        trim: @escaping @Sendable (inout JSONObject) -> Void
    ) async throws(KubernetesFault) -> Watch {
        try await addressing(selection.kind) { resource throws(KubernetesFault) in
            // Watches that began together do not end together.
            let time = limits.watchTime + limits.watchTime * random()
            let request = KubernetesRequest(
                "GET",
                resource.path(namespace: selection.namespace),
                query: selection.query + [
                    ("watch", "1"), ("resourceVersion", start), ("allowWatchBookmarks", "true"),
                    ("timeoutSeconds", "\(time.components.seconds)"),
                ],
                headers: [("accept", projection.accept)],
                lane: .watch,
                timeout: time + limits.timeout,
                silenceMax: limits.watchSilenceMax
            )
            let call = Call(request, "watch", resource, nil)
            return Watch(
                try await open(call).body,
                of: resource,
                projection,
                eventBytesMax: limits.eventBytesMax,
                trim: trim
            )
        }
    }
}
