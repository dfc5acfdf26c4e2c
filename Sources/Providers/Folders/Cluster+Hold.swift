package import Contract
package import Domain

extension Cluster {
    /// Who keeps everything from being rolled out, for as long as they want; nil where nobody does.
    package var hold: Wait? {
        switch status.phase {
        case .paused:
            Wait(
                on: "cluster \(name) to be resumed; it is paused",
                releasedBy: "whoever resumes the cluster"
            )
        case .asleep:
            Wait(on: "cluster \(name) to wake", releasedBy: "whoever wakes the cluster")
        case .ready, .updating, .degraded, .pending, .provisioning, .deleting: nil
        }
    }

    /// What keeps the cluster from taking anything; nil where nothing does.
    ///
    /// - Throws: `.refused` where it never will again.
    package func obstacle() throws(ProviderFault) -> ProviderFault? {
        switch status.phase {
        case .ready, .updating, .degraded, .paused, .asleep: return nil
        case .deleting: throw .refused(reason: "cluster \(name) is being deleted")
        case .pending, .provisioning:
            return .away(
                reason: "cluster \(name) is \(status.phase.rawValue)",
                releasedBy: "what the cluster's own status says that it waits on",
                retryAfter: .zero
            )
        }
    }
}
