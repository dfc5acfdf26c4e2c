package import Domain
import EventLoop
import Secrets

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
    /// Rings when something was written, here or in another process.
    let changes = ChangeSignal()
    /// Tells other processes that something was written.
    let announce: @Sendable () -> Void

    /// The servers of what those records hold.
    ///
    /// - Parameters:
    ///   - key: signs the tokens that clusters give out; all processes have the same.
    ///   - announce: tells other processes to call `hint`.
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

    /// This process wrote something.
    func changed() {
        changes.ring()
        announce()
    }

    /// Another process wrote something.
    package func hint() { changes.ring() }

    /// Ends every watch: the server is being stopped.
    package func close() { changes.close() }

    /// What the API server of a cluster answers.
    package func respond(to request: SandboxRequest) async -> SandboxAnswer {
        preconditionFailure("not built yet")
    }
}
