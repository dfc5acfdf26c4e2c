package import Contract
package import Domain
package import Drivers
import JSON
package import Kubernetes
package import Readiness

/// What a cluster holds right now of what was applied to it.
package struct FolderScene: Sendable {
    /// Objects of one kind and namespace that are asked for one by one; more come as a list.
    private static let singlesMax = 10
    /// Missing objects that are named.
    private static let missingNamesMax = 5
    /// Bytes that are read of a log, at most.
    private static let logBytesMax = 4_096
    /// What explains why workloads do not run.
    private static let explaining = [
        GroupKind(kind: "Pod"), GroupKind(group: "apps", kind: "ReplicaSet"),
    ]

    /// How far the objects have come.
    package let readiness: RolloutReadiness
    /// Objects that were applied and are not there, as far as they are to be.
    package let missing: [String]
    private let client: KubernetesClient

    /// Looks at everything that was applied, and at what explains it in the namespace.
    ///
    /// Where `rules` name a kind, they hold for its objects.
    package init(
        of inventory: [FolderReading.Applied],
        in namespace: String,
        through client: KubernetesClient,
        by rules: [ReadinessRule] = []
    ) async throws(ProviderFault) {
        self.client = client
        var found: [SeenObject] = []
        var missing: [String] = []
        let places = Dictionary(grouping: inventory) { entry in
            Place(kind: ObjectKey(entry).kind, namespace: entry.namespace)
        }
        for (place, entries) in places.sorted(by: { $0.key < $1.key }) {
            let objects = try await Self.objects(entries.map(ObjectKey.init), in: place, client)
            found += objects.map { SeenObject($0.json) }
            let there = Set(objects.map(\.name))
            // A Job that is done may remove itself.
            guard place.kind != GroupKind(group: "batch", kind: "Job") else { continue }
            missing += entries.filter { !there.contains($0.name) }.map { "\(ObjectKey($0))" }
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
            events: SeenEvents.newest(of: events),
            by: rules
        )
    }

    /// The same readiness with the last words of the container that explains it.
    package func quoting(_ readiness: ObjectReadiness) async -> ObjectReadiness {
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

    /// What holds it up: what it is waited for, and who can release it; nil where
    /// everything is there and does what it is for.
    package var obstacle: (reason: String, on: String, releasedBy: String?)? {
        if !missing.isEmpty {
            let names = missing.sorted().prefix(Self.missingNamesMax).joined(separator: ", ")
            let rest = missing.count - Self.missingNamesMax
            let more = rest > 0 ? " and \(rest) more" : ""
            return ("Missing", "\(names)\(more) to be there again", nil)
        }
        guard let entry = readiness.obstacle else { return nil }
        let told = entry.readiness
        return (told.reason, "\(entry.title): \(told.message)", told.releasedBy)
    }

    /// What is told of it.
    package var observation: EnvironmentObservation {
        let obstacle = obstacle
        return EnvironmentObservation(
            isReady: obstacle == nil,
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
                    reason: obstacle?.reason ?? "Ready",
                    message: obstacle.map { "Waiting for \($0.on)" }
                        ?? "All \(readiness.count) objects are ready."
                ),
                SeenCondition(
                    type: EnvironmentObservation.observed,
                    status: .true,
                    reason: "Seen",
                    message: "Its objects are looked at every now and then."
                ),
            ]
        )
    }

    /// Where objects of one kind are.
    private struct Place: Hashable, Comparable {
        let kind: GroupKind
        let namespace: String?

        static func < (left: Place, right: Place) -> Bool {
            (left.kind.group, left.kind.kind, left.namespace ?? "")
                < (right.kind.group, right.kind.kind, right.namespace ?? "")
        }
    }

    /// Those of the objects that are there: all of them, however many.
    private static func objects(
        _ keys: [ObjectKey],
        in place: Place,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> [KubernetesObject] {
        do throws(KubernetesFault) {
            guard keys.count > singlesMax else {
                var found: [KubernetesObject] = []
                for key in keys {
                    if let object = try await client.get(key) { found.append(object) }
                }
                return found
            }
            let names = Set(keys.map(\.name))
            return try await client.list(place.kind, namespace: place.namespace).items
                .filter { names.contains($0.name) }
        } catch .noSuchKind {
            return []
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
    package var title: String { "\(kind)/\(name)" }
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
