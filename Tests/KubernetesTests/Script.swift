import EventLoop
import JSON
import Kubernetes
import Synchronization

/// An API server in the process that answers as a test says, and remembers what it was asked.
final class Script: KubernetesTransport {
    typealias Answer =
        @Sendable (KubernetesRequest, Int) throws(KubernetesFault) -> KubernetesAnswer?

    private struct State {
        var requests: [KubernetesRequest] = []
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let answer: Answer

    /// Answers with what `answer` gives for a request and how often its path was asked before;
    /// nil leaves it to `Script`, which knows about kinds.
    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    var requests: [KubernetesRequest] { state.withLock(\.requests) }

    /// The requests whose path ends so.
    func requests(_ end: String) -> [KubernetesRequest] {
        requests.filter { $0.path.hasSuffix(end) }
    }

    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        let count = state.withLock { state in
            state.requests.append(request)
            defer { state.counts[request.path, default: 0] += 1 }
            return state.counts[request.path, default: 0]
        }
        if let answer = try answer(request, count) { return answer }
        switch request.path {
        case "/api": return .json(Self.core)
        case "/apis": return .json(Self.groups)
        default: return .status(404, "NotFound", "the server could not find the requested resource")
        }
    }

    func client(
        clock: any KubernetesClock = QuickClock(),
        limits: ClientLimits = ClientLimits()
    ) -> KubernetesClient {
        KubernetesClient(transport: self, clock: clock, random: { 0.5 }, limits: limits)
    }

    static let core: JSON = group(
        "",
        "v1",
        [
            resource("configmaps", "ConfigMap"), resource("secrets", "Secret"),
            resource("serviceaccounts", "ServiceAccount"),
            resource("namespaces", "Namespace", scope: "Cluster"),
        ]
    )

    static let groups: JSON = [
        "kind": "APIGroupDiscoveryList",
        "items": [
            [
                "metadata": ["name": "cluster.x-k8s.io"],
                "versions": [
                    version("v1beta2", [resource("clusters", "Cluster")]),
                    version("v1beta1", [resource("clusters", "Cluster")]),
                ],
            ],
            [
                "metadata": ["name": "metrics.k8s.io"],
                "versions": [["version": "v1beta1", "freshness": "Stale", "resources": []]],
            ],
        ],
    ]

    static func group(_ name: String, _ version: String, _ resources: [JSON]) -> JSON {
        [
            "kind": "APIGroupDiscoveryList",
            "items": [
                [
                    "metadata": ["name": .string(name)],
                    "versions": [Self.version(version, resources)],
                ]
            ],
        ]
    }

    static func version(_ name: String, _ resources: [JSON]) -> JSON {
        ["version": .string(name), "freshness": "Current", "resources": .array(resources)]
    }

    static func resource(_ plural: String, _ kind: String, scope: String = "Namespaced") -> JSON {
        [
            "resource": .string(plural), "responseKind": ["kind": .string(kind)],
            "scope": .string(scope), "verbs": ["get", "list"],
            "subresources": [["subresource": "status"]],
        ]
    }
}

extension KubernetesAnswer {
    static func json(_ json: JSON, status: Int = 200) -> KubernetesAnswer {
        KubernetesAnswer(status: status, bytes: json.serialized())
    }

    static func status(
        _ code: Int,
        _ reason: String,
        _ message: String,
        details: JSON = [:],
        headers: [(name: String, value: String)] = []
    ) -> KubernetesAnswer {
        let json: JSON = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": .integer(code),
            "reason": .string(reason), "message": .string(message), "details": details,
        ]
        return KubernetesAnswer(status: code, headers: headers, bytes: json.serialized())
    }
}

/// Time that passes as soon as somebody waits for it.
final class QuickClock: KubernetesClock {
    private struct State {
        var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
        var waits: [Duration] = []
    }

    private let state = Mutex(State())

    var now: MonotonicTime { state.withLock(\.now) }

    /// How long was waited, one after the other.
    var waits: [Duration] { state.withLock(\.waits) }

    func pass(_ time: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: time) }
    }

    func wait(for delay: Duration) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        state.withLock { state in
            state.now = state.now.advanced(by: delay)
            state.waits.append(delay)
        }
        await Task.yield()
    }
}

/// Content that comes when a test says so.
final class Pipe: KubernetesBody {
    private let stream: AsyncStream<Result<[UInt8], KubernetesFault>>
    private let input: AsyncStream<Result<[UInt8], KubernetesFault>>.Continuation

    init() {
        (stream, input) = AsyncStream.makeStream()
    }

    func write(_ text: String) { input.yield(.success(Array(text.utf8))) }
    func fail(_ fault: KubernetesFault) { input.yield(.failure(fault)) }
    func end() { input.finish() }

    func next() async throws(KubernetesFault) -> [UInt8]? {
        var iterator = stream.makeAsyncIterator()
        return try await iterator.next()?.get()
    }

    var answer: KubernetesAnswer { KubernetesAnswer(status: 200, body: self) }
}

/// A config map as a server tells it.
func configMap(_ name: String, version: Int, uid: String? = nil, _ data: JSON = [:]) -> JSON {
    [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": [
            "name": .string(name), "namespace": "ns", "uid": .string(uid ?? "uid-\(name)"),
            "resourceVersion": .string("\(version)"), "managedFields": [["manager": "x"]],
        ],
        "data": data,
    ]
}

func list(_ items: [JSON], version: Int, continue token: String = "") -> JSON {
    [
        "kind": "ConfigMapList", "apiVersion": "v1",
        "metadata": ["resourceVersion": .string("\(version)"), "continue": .string(token)],
        "items": items.isEmpty ? nil : .array(items),
    ]
}

func event(_ type: String, _ object: JSON) -> String {
    let json: JSON = ["type": .string(type), "object": object]
    return json.text + "\n"
}

let configMaps = GroupKind(kind: "ConfigMap")
let path = "/api/v1/namespaces/ns/configmaps"

func key(_ name: String) -> ObjectKey { ObjectKey(configMaps, namespace: "ns", name: name) }
