package import Contract
package import Domain
import JSON
import Kubernetes

/// Looks at a management cluster because somebody asked to, or changed how it is reached.
package struct CheckWorkflow: Sendable {
    private let records: any FleetRecords
    private let clusters: ManagementClusters
    private let welcome: @Sendable (ManagementCluster, JobID) async throws(ProviderFault) -> Void

    /// Looks through those clients; `welcome` makes ready what engines there are going to read.
    package init(
        records: any FleetRecords,
        clusters: ManagementClusters,
        welcome:
            @escaping @Sendable (ManagementCluster, JobID) async throws(ProviderFault) -> Void
    ) {
        self.records = records
        self.clusters = clusters
        self.welcome = welcome
    }

    /// The workflow, for the job engine.
    package var workflow: Workflow {
        Workflow(.managementClusterCheck, steps: [NamedStep("check", check)])
    }

    private func check(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.subject.id,
            let management = try await records.managementCluster(id.cast())
        else { throw .refused(reason: "the management cluster is gone; cancel the job") }
        try await welcome(management, context.job)
        let report = await report(of: management)
        for finding in report.findings { context.log.warning(finding) }
        return .done(
            Evidence(
                ["phase": .string(report.phase.rawValue)],
                facts: report.facts(at: management.generation)
                    + [.event(.managementClusterChecked, data: report.summary)]
            )
        )
    }

    private func report(of management: ManagementCluster) async -> ManagementReport {
        do throws(ProviderFault) {
            let client = try await clusters.reach(management).client
            return await ManagementProbe(client, for: management.spec)
                .report(keeping: management.status.features)
        } catch {
            return ManagementReport(
                unreachable: error.words,
                keeping: management.status.features
            )
        }
    }
}

extension ProviderFault {
    /// Why, without who acts next.
    package var words: String {
        switch self {
        case .transient(_, let reason), .busy(let reason), .refused(let reason),
            .away(let reason, _, _):
            reason
        case .cancelled: "it was given up"
        }
    }
}
