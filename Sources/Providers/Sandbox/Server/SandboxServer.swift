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
        self.settings = settings
        signer = HMACSHA256(key: key)
        self.announce = announce
    }

    /// The cluster of that name, for those who play its controllers; it need not be there yet.
    package func cluster(_ name: String) -> SandboxCluster {
        SandboxCluster(server: self, name: name)
    }

    /// Rings when something was written, here or in another process.
    private struct Signals {
        var isClosed = false
        var ofClusters: [String: ChangeSignal] = [:]
        let ofAll = ChangeSignal()
    }

    /// Rings when something was written in a cluster.
    func signal(of cluster: String) -> ChangeSignal {
        signals.withLock { signals in
            if let signal = signals.ofClusters[cluster] { return signal }
            let signal = ChangeSignal()
            if signals.isClosed { signal.close() }
            signals.ofClusters[cluster] = signal
            return signal
        }
    }

    /// Rings when something was written in any cluster.
    var anySignal: ChangeSignal { signals.withLock { $0.ofAll } }

    /// This process wrote something.
    func changed(_ cluster: String) {
        let (one, all) = signals.withLock { ($0.ofClusters[cluster], $0.ofAll) }
        one?.ring()
        all.ring()
        announce()
    }

    /// Another process wrote something.
    package func hint() {
        let all = signals.withLock { Array($0.ofClusters.values) + [$0.ofAll] }
        for signal in all { signal.ring() }
    }

    /// Ends every watch: the server is being stopped.
    package func close() {
        let all = signals.withLock { signals in
            signals.isClosed = true
            return Array(signals.ofClusters.values) + [signals.ofAll]
        }
        for signal in all { signal.close() }
    }

    /// Waits, on a loop; not at all elsewhere.
    func pause(_ duration: Duration) async {
        // Cancelled: nobody waits for the answer any more.
        try? await EventLoop.current?.sleep(for: duration)
    }
}
