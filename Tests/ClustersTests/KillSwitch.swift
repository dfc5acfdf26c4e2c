import Contract
import Domain
import Kubernetes
import Synchronization

/// Ends a process that is only played: from some change on, nothing leaves it any more.
final class KillSwitch: Sendable {
    /// Whether the change at which the process ends still arrives.
    enum Moment: Sendable { case before, after }

    private struct State {
        var changesLeft: Int?
        var moment = Moment.before
        var isDead = false
    }

    private let state = Mutex(State())

    /// The process ends at its next change but `count`.
    func arm(after count: Int, _ moment: Moment) {
        state.withLock { $0 = State(changesLeft: count, moment: moment) }
    }

    /// Another process takes over, which nothing ends; whether the first one was ended.
    func disarm() -> Bool {
        state.withLock { state in
            defer { state = State() }
            return state.isDead
        }
    }

    /// Says before a request whether it is sent.
    func isSent(changes: Bool) -> Bool {
        state.withLock { state in
            guard !state.isDead else { return false }
            guard changes, let left = state.changesLeft else { return true }
            guard left == 0 else {
                state.changesLeft = left - 1
                return true
            }
            state.isDead = true
            return state.moment == .after
        }
    }

    /// Says after a request whether its answer arrives.
    var isAlive: Bool { state.withLock { !$0.isDead } }
}

/// Carries requests as long as the process lives.
struct MortalTransport: KubernetesTransport {
    let inner: any KubernetesTransport
    let life: KillSwitch

    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        let isReview = request.path.hasSuffix("reviews")
        guard life.isSent(changes: request.method != "GET" && !isReview) else { throw .cancelled }
        let answer = try await inner.send(request)
        guard life.isAlive else { throw .cancelled }
        return answer
    }
}

/// Delivers as long as the process lives.
struct MortalDelivery: ClusterDelivery {
    let inner: any ClusterDelivery
    let life: KillSwitch

    func deliver(
        _ manifests: [Manifest],
        to target: DeliveryTarget,
        retiring retirement: Retirement,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        try await living { () async throws(ProviderFault) in
            try await inner.deliver(manifests, to: target, retiring: retirement, for: job)
        }
    }

    func dropRoot(
        of manifests: [Manifest],
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        try await living { () async throws(ProviderFault) in
            try await inner.dropRoot(of: manifests, from: target, for: job)
        }
    }

    func withdraw(from target: DeliveryTarget, for job: JobID) async throws(ProviderFault) {
        try await living { () async throws(ProviderFault) in
            try await inner.withdraw(from: target, for: job)
        }
    }

    func holds(
        _ delivered: String,
        in revision: String
    ) async throws(ProviderFault) -> Bool {
        try await inner.holds(delivered, in: revision)
    }

    func leftovers(of target: DeliveryTarget) async throws(ProviderFault) -> [String] {
        try await inner.leftovers(of: target)
    }

    private func living<Value>(
        _ body: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        guard life.isSent(changes: true) else { throw .cancelled }
        let value = try await body()
        guard life.isAlive else { throw .cancelled }
        return value
    }
}
