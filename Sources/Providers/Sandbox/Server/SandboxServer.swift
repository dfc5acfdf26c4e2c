package import Domain
import EventLoop
import Secrets
import Synchronization

/// The API servers of all sandbox clusters: the management cluster's and each tenant cluster's.
package final class SandboxServer: Sendable {
    /// What the installation decides.
    package struct Settings: Sendable {
        /// Where the clusters are reached from outside, without `/` at the end:
        /// `http://localhost:8080/sandbox`; the cluster's name follows.
        package var baseURL: String
        /// Compacted and counted by this clock.
        package var clock: @Sendable () -> Instant
        /// How long deletions are remembered for watches: 10 minutes.
        package var history: Duration

        /// Settings.
        package init(
            baseURL: String,
            clock: @escaping @Sendable () -> Instant,
            history: Duration = .seconds(600)
        ) {
            self.baseURL = baseURL
            self.clock = clock
            self.history = history
        }
    }

    /// The name of the sandbox's management cluster.
    package static let management = "management"

    let records: any SandboxRecords
    let settings: Settings
    let signer: HMACSHA256
    let customKinds = CustomKinds()
    let feed = SandboxFeed()
    let facts = SandboxFacts()
    let routes = RouteTables()
    let writer: SandboxWriter
    private let signals = Mutex(Signals())
    /// Tells other processes that something was written.
    let announce: @Sendable () -> Void

    /// The servers of what those records hold.
    ///
    /// `key`: signs the tokens that clusters give out; all processes have the same.
    ///
    /// `announce`: tells other processes to call `hint`.
    package init(
        records: any SandboxRecords,
        settings: Settings,
        key: [UInt8],
        announce: @escaping @Sendable () -> Void = {}
    ) {
        self.records = records
        writer = SandboxWriter(records)
        self.settings = settings
        signer = HMACSHA256(key: key)
        self.announce = announce
    }

    /// The cluster of that name, for those who play its controllers; it need not be there yet.
    package func cluster(_ name: String) -> SandboxCluster {
        SandboxCluster(server: self, name: name)
    }

    private struct Place: Hashable {
        let cluster: String
        let kind: SandboxKind
    }

    /// Rings when something was written, here or in another process.
    private struct Signals {
        var isClosed = false
        var ofKinds: [Place: ChangeSignal] = [:]
        let ofAll = ChangeSignal()
    }

    /// Rings when an object of the kind was written in a cluster, and sometimes without reason.
    func signal(of kind: SandboxKind, in cluster: String) -> ChangeSignal {
        let place = Place(cluster: cluster, kind: kind)
        return signals.withLock { signals in
            if let signal = signals.ofKinds[place] { return signal }
            let signal = ChangeSignal()
            if signals.isClosed { signal.close() }
            signals.ofKinds[place] = signal
            return signal
        }
    }

    /// Rings when something was written in any cluster.
    var anySignal: ChangeSignal { signals.withLock { $0.ofAll } }

    /// This process wrote an object of that kind.
    func changed(_ kind: SandboxKind, in cluster: String) {
        if SandboxFacts.concern(kind) { hint() }
        let place = Place(cluster: cluster, kind: kind)
        let (one, all) = signals.withLock { ($0.ofKinds[place], $0.ofAll) }
        one?.ring()
        all.ring()
        announce()
    }

    /// This process removed a cluster.
    func removed(_ cluster: String) {
        routes.forget(cluster)
        hint()
        announce()
    }

    /// Another process wrote something.
    package func hint() {
        facts.forgetAll()
        let all = signals.withLock { Array($0.ofKinds.values) + [$0.ofAll] }
        for signal in all { signal.ring() }
    }

    /// Ends every watch: the server is being stopped.
    package func close() {
        let all = signals.withLock { signals in
            signals.isClosed = true
            return Array(signals.ofKinds.values) + [signals.ofAll]
        }
        for signal in all { signal.close() }
    }

    /// Waits, on a loop; not at all elsewhere.
    func pause(_ duration: Duration) async {
        // Cancelled: nobody waits for the answer any more.
        try? await EventLoop.current?.sleep(for: duration)
    }
}
