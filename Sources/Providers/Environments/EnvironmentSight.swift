import Contract
package import Domain
import Drivers
import JSON
package import Kubernetes

/// Looks into the namespace of an environment for people: what its containers wrote, and what
/// Kubernetes noted.
package struct EnvironmentSight: Sendable {
    /// Kubernetes' own events that are looked at, the newest.
    package static let happeningsMax = 500

    /// How long one look may take, begun with the last container in this time: 20 seconds.
    package static let timeMax = Duration.seconds(20)

    private let client: KubernetesClient
    private let namespace: String
    private let clock: @Sendable () -> Instant

    /// Looks into that namespace of that cluster.
    package init(
        into namespace: String,
        through client: KubernetesClient,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.client = client
        self.namespace = namespace
        self.clock = clock
    }

    /// The last lines of the containers that are meant; where there are none, why.
    package func logs(_ wish: LogWish) async throws(KubernetesFault) -> EnvironmentLogs {
        let pods = try await client.list(GroupKind(kind: "Pod"), namespace: namespace).items
            .map(\.json)
            .filter { wish.pod == nil || Self.name($0) == wish.pod }
            .sorted { Self.name($0) < Self.name($1) }
        let meant = pods.flatMap { pod in
            Self.containers(of: pod).filter { wish.container == nil || $0 == wish.container }
                .map { (pod: pod, container: $0) }
        }
        let end = clock().advanced(by: Self.timeMax)
        var room = LogWish.bytesMax
        var lines = LogWish.linesMax
        var logs: [ContainerLog] = []
        for (pod, container) in meant.prefix(LogWish.containersMax) {
            guard room > 0, lines > 0, clock() < end else { break }
            let log = try await log(of: container, in: pod, wish, lines: lines, bytes: room)
            room -= log.lines.reduce(0) { $0 + $1.utf8.count + 1 }
            lines -= log.lines.count
            logs.append(log)
        }
        let isCut = logs.count < meant.count || room <= 0 || lines <= 0
        return EnvironmentLogs(namespace: namespace, logs: logs, isCut: isCut)
    }

    private func log(
        of container: String,
        in pod: JSONObject,
        _ wish: LogWish,
        lines: Int,
        bytes: Int
    ) async throws(KubernetesFault) -> ContainerLog {
        var log = ContainerLog(pod: Self.name(pod), container: container, lines: [])
        do throws(KubernetesFault) {
            log.lines = try await client.log(
                ofContainer: container,
                pod: log.pod,
                namespace: namespace,
                isPrevious: wish.isPrevious,
                linesMax: min(wish.lines, lines),
                bytesMax: bytes,
                sinceSeconds: wish.seconds
            )
        } catch {
            // What the cluster says of this log is told; where it says nothing, all of it fails.
            switch error {
            case .forbidden, .invalid, .unexpected, .denied: log.missing = "\(error)"
            default: throw error
            }
        }
        guard log.lines.isEmpty, log.missing == nil else { return log }
        let state = Self.waiting(container, in: pod)
        log.missing =
            state
            ?? (wish.isPrevious
                ? "It has not been restarted." : "It has written nothing in that time.")
        return log
    }

    /// What Kubernetes noted in the namespace, the newest first.
    package func happenings() async throws(KubernetesFault) -> [EnvironmentHappening] {
        let events = try await client.list(GroupKind(kind: "Event"), namespace: namespace).items
        return Array(
            events.compactMap { Self.happening($0.json) }
                .sorted { $0.at > $1.at }
                .prefix(Self.happeningsMax)
        )
    }

    private static func happening(_ event: JSONObject) -> EnvironmentHappening? {
        let metadata = event["metadata"]
        let said = [event["lastTimestamp"], event["eventTime"], metadata?["creationTimestamp"]]
        // Kubernetes writes what it does not know as null.
        let at = said.lazy.compactMap { $0?.string }.compactMap { try? Instant(parsing: $0) }.first
        guard let at else { return nil }
        let object = event["involvedObject"]
        return EnvironmentHappening(
            at: at,
            source: .kubernetes,
            type: event["type"]?.string ?? "Normal",
            reason: event["reason"]?.string ?? "",
            object: "\(object?["kind"]?.string ?? "")/\(object?["name"]?.string ?? "")",
            message: event["message"]?.string ?? "",
            count: max(1, event["count"]?.int ?? event["series"]?["count"]?.int ?? 1)
        )
    }

    private static func name(_ object: JSONObject) -> String {
        object["metadata"]?["name"]?.string ?? ""
    }

    /// Containers in the order in which they run.
    private static func containers(of pod: JSONObject) -> [String] {
        ["initContainers", "containers"].flatMap { member in
            (pod["spec"]?[member]?.array ?? []).compactMap { $0["name"]?.string }
        }
    }

    /// Why a container does not run yet, as a sentence; nil where it runs or did.
    private static func waiting(_ container: String, in pod: JSONObject) -> String? {
        let statuses = ["initContainerStatuses", "containerStatuses"].flatMap {
            pod["status"]?[$0]?.array ?? []
        }
        let state = statuses.first { $0["name"]?.string == container }?["state"]
        if let waiting = state?["waiting"] {
            let reason = waiting["reason"]?.string ?? "Waiting"
            return "It has not started: \(reason). \(waiting["message"]?.string ?? "")"
        }
        guard state == nil else { return nil }
        let scheduled = (pod["status"]?["conditions"]?.array ?? []).first {
            $0["type"]?.string == "PodScheduled" && $0["status"]?.string == "False"
        }
        return "It has not started. \(scheduled?["message"]?.string ?? "")"
    }
}
