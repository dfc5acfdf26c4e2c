import Domain
import JSON
import Secrets

/// One look at one cluster: the time, the pace, what is to go wrong, and when to look again.
final class Scene {
    /// The cluster.
    let cluster: SandboxCluster
    /// Who plays: the field manager of what is written, and the source of events.
    let manager: String
    /// The moment of the look.
    let now: Instant
    /// How fast things go.
    let pace: SandboxPace
    /// What is to go wrong.
    let faults: FaultBook
    /// When to look again, beside whenever something changes.
    private(set) var requeue = SandboxRequeue.none

    init(_ cluster: SandboxCluster, as manager: String, pace: SandboxPace, faults: FaultBook) {
        self.cluster = cluster
        self.manager = manager
        self.pace = pace
        self.faults = faults
        now = cluster.now
    }

    /// Look again after that time, or sooner where somebody else asks for it.
    func look(after delay: Duration) {
        if case .after(let other) = requeue, other <= delay { return }
        requeue = .after(delay)
    }

    /// Look again soon: nobody tells of what is awaited.
    func lookSoon() { look(after: pace.of(SandboxPace.Step.looking)) }

    /// The message of an effect that the object suffers, which is looked at again for healing; nil
    /// where it does not.
    func suffers(
        _ effect: Effect,
        _ object: SandboxObject?,
        _ usual: String = "held by a played fault"
    ) -> String? {
        guard let object, let message = faults.message(effect, of: object, usual: usual) else {
            return nil
        }
        lookSoon()
        return message
    }

    /// Whether `milliseconds` (at the usual speed, slower where a fault says so) have passed since
    /// then; else it is looked at again when they have.
    func hasPassed(_ milliseconds: Int, since start: Instant?, for object: SandboxObject) -> Bool {
        let isSlow = faults.message(.slow, of: object, usual: "") != nil
        let step = (isSlow ? pace.slowed : pace).of(milliseconds)
        let rest = (start ?? now).advanced(by: step) - now
        if rest > .zero { look(after: rest) }
        return rest <= .zero
    }

    /// Another cluster of the sandbox.
    func other(_ name: String) -> SandboxCluster { cluster.server.cluster(name) }

    /// Notes an event about an object; the same one again only counts up, and not at all while
    /// the last is less than ten seconds old.
    func event(
        _ object: SandboxObject,
        _ reason: String,
        _ message: String,
        isWarning: Bool = false
    ) async throws(SandboxStatus) {
        let hash = Hex.encode(Array(SHA256.hash("\(object.uid) \(reason) \(message)").prefix(8)))
        let namespace = object.namespace ?? "default"
        let key = SandboxKey(.event, namespace, "\(object.name.prefix(200)).\(hash)")
        let time = JSON.string(now.kubernetesText)
        if let before = try await cluster.get(key) {
            let last = before.json.moment("lastTimestamp")
            if let last, now - last < .seconds(10) { return }
            _ = try await cluster.update(key, as: manager) { event in
                event.json["count"] = .integer((event.json["count"]?.int ?? 1) + 1)
                event.json["lastTimestamp"] = time
            }
            return
        }
        let about: JSON = [
            "apiVersion": .string(object.apiVersion ?? ""),
            "kind": .string(object.kindName ?? ""), "name": .string(object.name),
            "namespace": .string(object.namespace ?? ""), "uid": .string(object.uid),
        ]
        let rest: JSONObject = [
            "involvedObject": about, "reason": .string(reason), "message": .string(message),
            "type": isWarning ? "Warning" : "Normal", "count": 1, "firstTimestamp": time,
            "lastTimestamp": time, "source": ["component": .string(manager)],
            "reportingComponent": .string(manager), "reportingInstance": "slipway-sandbox",
        ]
        try await make(.manifest("v1", "Event", key.name, in: namespace, rest))
    }

    /// Makes an object unless there is one, or its namespace goes.
    func make(_ object: JSON, in other: SandboxCluster? = nil) async throws(SandboxStatus) {
        do throws(SandboxStatus) {
            try await (other ?? cluster).create(object, as: manager)
        } catch {
            guard error.reason == .alreadyExists || error.isEnding else { throw error }
        }
    }

    /// Writes the next status of an object; nothing where it is as it was.
    func report(
        _ object: SandboxObject,
        _ facts: [Fact] = [],
        _ change: (inout SandboxObject) -> Void = { _ in }
    ) async throws(SandboxStatus) {
        try await cluster.updateStatus(object.key, as: manager) { object in
            change(&object)
            object.state(facts, at: now)
        }
    }

    /// The object has a finalizer of that name, or has it no more.
    func finalizer(
        _ name: String,
        _ isWanted: Bool,
        on object: SandboxObject
    ) async throws(SandboxStatus) {
        guard object.finalizers.contains(name) != isWanted else { return }
        guard !isWanted || !object.isDeleting else { return }
        try await cluster.update(object.key, as: manager) { object in
            object.finalizers.removeAll { $0 == name }
            if isWanted { object.finalizers.append(name) }
        }
    }
}

extension SandboxStatus {
    /// Whether the namespace goes, or is gone.
    var isEnding: Bool {
        causes.contains { $0.reason == "NamespaceTerminating" }
            || reason == .notFound && message.contains("namespaces")
    }
}

extension SandboxKind {
    static let event = SandboxKind("Event")
    static let pod = SandboxKind("Pod")
    static let node = SandboxKind("Node")
    static let service = SandboxKind("Service")
    static let claim = SandboxKind("PersistentVolumeClaim")
    static let quota = SandboxKind("ResourceQuota")
    static let deployment = SandboxKind("apps", "Deployment")
    static let replicaSet = SandboxKind("apps", "ReplicaSet")
    static let statefulSet = SandboxKind("apps", "StatefulSet")
    static let daemonSet = SandboxKind("apps", "DaemonSet")
    static let job = SandboxKind("batch", "Job")
    static let ingress = SandboxKind("networking.k8s.io", "Ingress")
    /// The group of the Gateway API, which is no part of Kubernetes itself.
    static let gateways = "gateway.networking.k8s.io"
    static let gatewayClass = SandboxKind(gateways, "GatewayClass")
    static let gateway = SandboxKind(gateways, "Gateway")
    static let httpRoute = SandboxKind(gateways, "HTTPRoute")
}

/// A few characters that always come out the same for a text, as Kubernetes would draw them.
enum Draw {
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    static func suffix(_ text: String, length: Int = 5) -> String {
        String(SHA256.hash(text).prefix(length).map { alphabet[Int($0) % alphabet.count] })
    }

    /// A number below `bound`.
    static func number(_ text: String, below bound: Int) -> Int {
        let hash = SHA256.hash(text)
        return (Int(hash[0]) << 16 | Int(hash[1]) << 8 | Int(hash[2])) % bound
    }
}
