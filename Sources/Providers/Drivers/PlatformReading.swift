package import Domain
import JSON

/// How the tenant's platform repository does in its cluster.
package struct PlatformReading {
    /// How long the first application may take.
    package static let deadline = Duration.seconds(20 * 60)

    private let wish: ClusterWish
    private let seen: SeenObjects
    private let isReachable: Bool

    /// The platform repository of a cluster; whether the cluster can be reached decides whether a
    /// failure is one.
    package init(of wish: ClusterWish, among seen: SeenObjects, isReachable: Bool) {
        self.wish = wish
        self.seen = seen
        self.isReachable = isReachable
    }

    /// Whether it is applied, and what stops it.
    package var stage: Stage {
        guard let source = wish.platform else {
            return halted("NotConnected", "No platform repository is reconciled into it.")
        }
        if source.isSuspended {
            return halted("Suspended", "Reconciliation is suspended.")
        }
        if wish.cluster.spec.asleep {
            return halted("Asleep", "Nothing is reconciled while the cluster sleeps.")
        }
        let name = PlatformConnection.applicationName(slug: wish.slug)
        if let application = seen.first("Application", name, group: "argoproj.io") {
            return argo(ApplicationReading(application))
        }
        return flux()
    }

    private func flux() -> Stage {
        let name = PlatformConnection.name
        let repository = seen.first("GitRepository", name, group: "source.toolkit.fluxcd.io")
        let sync = seen.first("Kustomization", name, group: "kustomize.toolkit.fluxcd.io")
        guard let repository, let sync else {
            return stage(.unknown, "NotDelivered", "The platform repository is not connected yet.")
        }
        if let fault = repository.condition("Ready"), fault.isFalse, repository.isObserved {
            let isDenied = fault.reason == "AuthenticationFailed"
            return stage(
                .false,
                isDenied ? "RepositoryDenied" : "RepositoryUnreachable",
                fault.message,
                since: fault.since,
                releasedBy: isDenied
                    ? "a platform admin: the repository's credentials"
                    : "\(wish.caretaker), which must reach the repository"
            )
        }
        guard isReachable else {
            return stage(.unknown, "WaitingForCluster", "The cluster cannot be reached yet.")
        }
        guard let ready = sync.condition("Ready"), sync.isObserved else {
            return stage(.unknown, "Applying", "The platform repository is being applied.")
        }
        return applied(ready, sync: sync, repository: repository)
    }

    private func applied(
        _ ready: SeenStatus,
        sync: SeenObject,
        repository: SeenObject
    ) -> Stage {
        let revision = sync.status("lastAppliedRevision")?.string ?? ""
        let newest = repository.status("artifact")?["revision"]?.string
        if ready.isFalse, let stage = nothing(by: ready.message) { return stage }
        if ready.isFalse {
            return stage(
                .false,
                Self.reasons[ready.reason] ?? "ApplyFailed",
                ready.message,
                since: ready.since,
                releasedBy: "whoever mends the platform repository"
            )
        }
        guard ready.isTrue, newest == nil || newest == revision else {
            let message = ready.isTrue ? "A newer commit is being applied." : ready.message
            let fetched = repository.status("artifact")?["lastUpdateTime"]
            let since = ready.isTrue ? fetched.flatMap(SeenObject.moment) : ready.since
            return stage(.unknown, "Applying", message, since: since)
        }
        return stage(.true, "Applied", "Applied \(VendorMessage.text(revision)).")
    }

    private static let reasons = [
        "BuildFailed": "BuildFailed",
        "HealthCheckFailed": "WorkloadsNotReady",
        "DependencyNotReady": "DependencyNotReady",
        "ArtifactFailed": "RepositoryUnreachable",
        "PruneFailed": "PruneFailed",
    ]

    private func argo(_ application: ApplicationReading) -> Stage {
        if !isReachable {
            return stage(.unknown, "WaitingForCluster", "The cluster cannot be reached yet.")
        }
        switch application.state {
        case .deployed:
            return stage(.true, "Applied", "Applied \(application.revision).")
        case .progressing(let message):
            return stage(.unknown, "Applying", message)
        case .failed(let message):
            if let stage = nothing(by: message) { return stage }
            return stage(
                .false,
                "ApplyFailed",
                message,
                since: application.finishedAt,
                releasedBy: "whoever mends the platform repository"
            )
        }
    }

    /// A repository without the folder has nothing for this cluster; in the words of Flux, and of
    /// Argo CD.
    private func nothing(by message: String) -> Stage? {
        guard let source = wish.platform,
            message.contains("path not found") || message.contains("app path does not exist")
        else { return nil }
        return halted(
            "NothingToApply",
            "The platform repository has no folder \(source.path.dropFirst(2)): push one, and "
                + "what is in it is applied here."
        )
    }

    private func halted(_ reason: String, _ message: String) -> Stage {
        var stage = stage(.unknown, reason, message)
        stage.isHalted = true
        return stage
    }

    private func stage(
        _ status: Condition.Status,
        _ reason: String,
        _ message: String,
        since: Instant? = nil,
        releasedBy: String? = nil
    ) -> Stage {
        Stage(
            SeenCondition(
                type: "PlatformSynced",
                status: status,
                reason: reason,
                message: message
            ),
            on: "the platform repository to be applied",
            since: since,
            deadline: Self.deadline,
            releasedBy: releasedBy
        )
    }
}
