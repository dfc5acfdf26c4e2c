import Contract
import Domain
import Drivers
import Folders
import JSON

extension EnvironmentWorkflows {
    /// Has what is live run alone again, where a roll-out that is over has left the traffic split.
    func restore(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let environment = try await environment(context)
        guard let live = environment.liveBesideOthers, let commit = live.commit,
            let cluster = try await cluster(of: environment),
            let tenant = try await records.tenant(environment.tenant)
        else { return .done }
        let place = try await places.place(of: cluster)
        let running = try await files.files(
            of: environment.name,
            at: commit,
            of: environment.tenant
        )
        let back = RenderedRelease(files: running, stage: "back to what ran before")
        try context.continueOrStop()
        let release = EnvironmentRelease(
            tenant: tenant.id,
            blueprint: tenant.spec.blueprint.name,
            commit: tenant.repository?.baseCommit ?? "",
            environment: environment.name,
            type: environment.spec.type,
            service: environment.spec.service,
            number: live.number,
            content: live.content,
            cluster: cluster.name,
            namespace: Self.namespace(of: environment.name, in: cluster),
            host: "\(environment.name).\(tenant.name).\(domain)"
        )
        let written = try await files.write(back, of: release, for: context.job)
        if place.isDirect {
            try await direct(environment, place)
                .apply(back.files, asleep: environment.spec.asleep, context)
        } else {
            await place.nudge(at: clock())
        }
        context.log.info("all requests go back to roll-out \(live.number) by commit \(written)")
        return .done(Evidence(["commit": .string(written)]))
    }

    /// Waits until that is applied; what rests has it applied when it goes on.
    func awaitRestored(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let environment = try await environment(context)
        let found = context.findings(of: Self.restoreStep)
        guard let commit = found?["commit"]?.string, environment.liveBesideOthers != nil,
            let cluster = try await cluster(of: environment)
        else { return .done }
        let restored = Evidence(facts: [.environmentRestored])
        if environment.spec.asleep || environment.spec.paused { return .done(restored) }
        let place = try await places.place(of: cluster)
        let reading = try await place.reading(of: .environment(environment.name))
        if try await isApplied(commit, by: reading, in: place) { return .done(restored) }
        let why = reading.fault.map { ": \($0.message)" } ?? ""
        return waiting(
            context,
            for: "\(reading.name) to apply commit \(commit.prefix(12))\(why)",
            releasedBy: reading.fault?.releasedBy
        )
    }
}
