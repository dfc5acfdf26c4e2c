import Domain
import JSON
import Postgres

extension JobQueue {
    /// Publishes the classes of a blueprint, or brings those to it that came from it before.
    ///
    /// A class of the same name that was sent by somebody, or comes from another blueprint, stays
    /// as it is. One that the version no longer brings is withdrawn.
    static func write(
        _ classes: [DiscoveredClass],
        of blueprint: ObjectReference,
        _ version: String,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        // What is no name has no blueprint.
        guard let blueprint = try? BlueprintName(parsing: blueprint.name) else { return }
        let source = ClusterClassSource(blueprint: blueprint, version: version)
        for found in classes {
            let rows = try await transaction.execute(
                """
                SELECT \(StoredClusterClass.columns), template FROM cluster_class
                 WHERE name = \(found.name.text)
                   FOR NO KEY UPDATE
                """
            )
            guard let row = rows.first else {
                try await publish(found, from: source, at: now, in: transaction)
                continue
            }
            let current = try StoredClusterClass(row, hasTemplate: true).clusterClass()
            guard current.source?.blueprint == blueprint else { continue }
            try await update(current, to: found, from: source, at: now, in: transaction)
        }
        try await ClusterClassStore.withdraw(
            classesOf: blueprint,
            except: classes.map(\.name),
            because: "The blueprint \(blueprint) brings the class no longer since \(version)",
            at: now,
            in: transaction
        )
    }

    private static func publish(
        _ found: DiscoveredClass,
        from source: ClusterClassSource,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        var random = SystemRandomNumberGenerator()
        let decision = ClusterClass.creation(
            id: ClusterClassID(at: now, using: &random),
            name: found.name,
            labels: found.labels,
            definition: found.definition,
            template: found.template,
            source: source,
            findings: .init(phase: found.phase, report: found.report, generation: 1),
            on: Occasion(at: now, using: &random)
        )
        try await transaction.execute(all: [
            ClusterClassStore.insertion(of: decision, where: "true"),
            EventStore.insertion(of: decision.event),
        ])
    }

    private static func update(
        _ current: ClusterClass,
        to found: DiscoveredClass,
        from source: ClusterClassSource,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let isSame =
            found.definition == current.definition && found.template == current.template
        var labels = current.labels
        var report = found.report
        do throws(LabelFault) {
            labels = try labels.overlaid(with: found.labels)
        } catch {
            report.addFinding(
                "note",
                "The labels that the blueprint brings were left out: \(error.detail) Remove "
                    + "some that were added."
            )
        }
        var random = SystemRandomNumberGenerator()
        let decision = current.change(
            labels: labels,
            definition: found.definition,
            template: found.template,
            source: source,
            findings: .init(
                phase: found.phase,
                report: report,
                generation: current.generation + (isSame ? 0 : 1)
            ),
            on: Occasion(at: now, using: &random)
        )
        guard let decision else { return }
        try await ClusterClassStore.write(decision, in: transaction)
    }
}
