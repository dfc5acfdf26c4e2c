import Contract
import Domain
import Drivers
import JSON
import Kubernetes
import Readiness

/// What an environment's cluster holds of it right now.
struct EnvironmentScene: Sendable {
    /// Objects that are looked at, at most.
    private static let objectsMax = 300
    /// Bytes that are read of a log, at most.
    private static let logBytesMax = 4_096
    /// What explains why workloads do not run.
    private static let explaining = [
        GroupKind(kind: "Pod"), GroupKind(group: "apps", kind: "ReplicaSet"),
    ]

    /// How far the objects have come.
    let readiness: RolloutReadiness
    /// Objects that were applied and are not there.
    let missing: [String]
    private let client: KubernetesClient

    /// Looks at everything that the engine has applied, and at what explains it in the namespace.
    init(
        of inventory: [EnvironmentReading.Applied],
        in namespace: String,
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        self.client = client
        var found: [SeenObject] = []
        var missing: [String] = []
        for entry in inventory.prefix(Self.objectsMax) {
            let key = ObjectKey(entry)
            let object = try await Self.object(key, client)
            if let object { found.append(object) } else { missing.append("\(key)") }
        }
        var around: [JSONObject] = []
        for kind in Self.explaining {
            around += try await Self.objects(of: kind, in: namespace, client)
        }
        let events = try await Self.objects(of: GroupKind(kind: "Event"), in: namespace, client)
        self.missing = missing
        readiness = RolloutReadiness(
            of: found,
            among: SeenObjects(around),
            events: SeenEvents.newest(of: events)
        )
    }

    /// The same readiness with the last words of the container that explains it.
    func quoting(_ readiness: ObjectReadiness) async -> ObjectReadiness {
        guard let container = readiness.container else { return readiness }
        do throws(KubernetesFault) {
            let lines = try await client.log(
                ofContainer: container.name,
                pod: container.pod,
                namespace: container.namespace,
                isPrevious: container.isPrevious,
                linesMax: 1,
                bytesMax: Self.logBytesMax
            )
            return lines.last.map { readiness.quoting($0) } ?? readiness
        } catch {
            return readiness  // Told only where it can be read.
        }
    }

    /// What is told of the environment.
    var observation: EnvironmentObservation {
        let obstacle = readiness.obstacle
        return EnvironmentObservation(
            isReady: obstacle == nil && missing.isEmpty,
            objects: readiness.entries.map { entry in
                SeenReadiness(
                    object: entry.title,
                    state: entry.readiness.seenState,
                    reason: entry.readiness.state == .ready ? "" : entry.readiness.reason,
                    message: entry.readiness.state == .ready ? "" : entry.readiness.message
                )
            },
            conditions: [
                SeenCondition(
                    type: "Ready",
                    status: obstacle == nil ? .true : .false,
                    reason: obstacle?.readiness.reason ?? "Ready",
                    message: obstacle.map { "\($0.title): \($0.readiness.message)" }
                        ?? "All \(readiness.count) objects are ready."
                )
            ]
        )
    }

    private static func object(
        _ key: ObjectKey,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> SeenObject? {
        do throws(KubernetesFault) {
            return try await client.get(key).map { SeenObject($0.json) }
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault
        }
    }

    private static func objects(
        of kind: GroupKind,
        in namespace: String,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> [JSONObject] {
        do throws(KubernetesFault) {
            return try await client.list(kind, namespace: namespace).items.map(\.json)
        } catch {
            // Explains only: what may not be seen explains nothing.
            if case .forbidden = error { return [] }
            throw error.providerFault
        }
    }
}

extension RolloutReadiness.Entry {
    /// What the object is called in messages.
    var title: String { "\(kind)/\(name)" }
}

extension ObjectReadiness {
    fileprivate var seenState: SeenReadiness.State {
        switch state {
        case .ready: .ready
        case .waiting: .progressing
        case .failed: .failed
        }
    }
}
