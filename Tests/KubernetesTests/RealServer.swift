import EventLoop
import Glibc
import JSON
import Kubernetes
import Outbound
import Testing

/// The API server that `SLIPWAY_TEST_KUBECONFIG` names, and a namespace of its own on it.
struct RealServer: Sendable {
    let client: KubernetesClient
    let access: ClusterAccess
    let lanes: OutboundLanes
    let namespace: String

    /// The path of a kubeconfig whose user may do everything; nil where there is none.
    static let path = getenv("SLIPWAY_TEST_KUBECONFIG").map { String(cString: $0) }

    static let isThere = path != nil

    /// Runs `body` on a loop and deletes the namespace afterwards.
    static func run(_ body: @escaping @Sendable (RealServer) async throws -> Void) async throws {
        let path = try #require(path)
        let config = try Kubeconfig(
            parsing: try contents(of: path),
            origin: .trusted { try contents(of: $0) }
        )
        let group = try EventLoopGroup(count: 1)
        group.start()
        let lanes = OutboundLanes(on: group.loops[0])
        let transport = OutboundTransport(
            lanes: lanes,
            credentials: Credentials(config.access)
        )
        let server = RealServer(
            client: KubernetesClient(transport: transport),
            access: config.access,
            lanes: lanes,
            namespace: "slipway-test-\(UInt32.random(in: 0 ... .max))"
        )
        let result = await Task(executorPreference: group.loops[0]) {
            _ = try await server.client.apply(server.namespaceObject)
            defer { print("tested in \(server.namespace)") }
            try await body(server)
        }.result
        await Task(executorPreference: group.loops[0]) { await server.remove() }.value
        await lanes.close()
        group.stop()
        try result.get()
    }

    /// A client with other credentials.
    func client(with access: ClusterAccess) -> KubernetesClient {
        KubernetesClient(
            transport: OutboundTransport(lanes: lanes, credentials: Credentials(access))
        )
    }

    func key(_ name: String) -> ObjectKey {
        ObjectKey(GroupKind(kind: "ConfigMap"), namespace: namespace, name: name)
    }

    func configMap(_ name: String, _ data: JSON) -> JSONObject {
        let json: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "data": data,
        ]
        return json.object ?? JSONObject()
    }

    private var namespaceObject: JSONObject {
        let json: JSON = [
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)],
        ]
        return json.object ?? JSONObject()
    }

    private func remove() async {
        do {
            let key = ObjectKey(GroupKind(kind: "Namespace"), name: namespace)
            _ = try await client.delete(key, uid: nil)
        } catch {
            Issue.record("the namespace stays: \(error)")
        }
    }
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemFault(call: "open", errno: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(file, &piece, piece.count)
        guard count > 0 else { return bytes }
        bytes += piece[..<count]
    }
}
