import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

extension EnvironmentWorkflows {
    /// Commits what the template comes to, and points the engine at it.
    func deliver(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let rendered = try await fitting(try await files.render(work.release()), work.place)
        let commit = try await write(rendered, work, context)
        var findings = JSONObject()
        findings["commit"] = .string(commit)
        if let url = rendered.url { findings["url"] = .string(url) }
        var outputs = JSONObject()
        for (name, value) in rendered.outputs.sorted(by: { $0.key < $1.key }) {
            outputs[name] = .string(value)
        }
        findings["outputs"] = .object(outputs)
        return .done(Evidence(findings))
    }

    /// Commits the files, points the engine at them, and names the commit.
    func write(
        _ rendered: RenderedRelease,
        _ work: EnvironmentWork,
        _ context: StepContext
    ) async throws(ProviderFault) -> String {
        let connection = work.place.isDirect ? nil : try work.connection()
        try context.continueOrStop()
        let commit = try await files.write(rendered, of: work.release(), for: context.job)
        try context.continueOrStop()
        if let connection {
            try await asking { () async throws(KubernetesFault) in
                _ = try await work.place.host.apply(
                    connection.object.object ?? JSONObject(),
                    force: true
                )
            }
            await work.place.nudge(at: clock())
        } else {
            try await direct(work.environment, work.place).apply(
                rendered.files,
                asleep: work.task.spec.asleep,
                context
            )
        }
        context.log.info("committed \(commit)")
        return commit
    }

    /// Waits until the engine has applied the commit.
    func awaitApplied(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), !work.task.spec.asleep,
            let commit = context.findings(of: Self.deliverStep)?["commit"]?.string
        else { return .done }
        let reading = try await work.place.reading(of: .environment(work.environment.name))
        if try await isApplied(commit, by: reading, in: work.place) {
            // What slept has been told how many there are to be, unless the template says so.
            try await EnvironmentWorkloads(
                among: reading.inventory,
                through: try await work.place.guest()
            ).wake(context)
            return .done(
                Evidence(
                    ["revision": .string(reading.revision ?? commit)],
                    facts: [
                        .condition(
                            type: "Delivered",
                            status: .true,
                            reason: "Applied",
                            message: "Commit \(commit.prefix(12)) is applied.",
                            generation: work.task.generation
                        )
                    ]
                )
            )
        }
        guard let fault = reading.fault else {
            return try waiting(
                context,
                work,
                for: "\(reading.name) to apply commit \(commit.prefix(12))"
            )
        }
        // What failed before the engine had read the commit says nothing about it.
        if fault.isFinal,
            try await isHeld(commit, by: reading.attempted, of: work.environment.tenant)
        {
            throw .refused(reason: fault.message)
        }
        return try waiting(
            context,
            work,
            for: "\(reading.name) to apply commit \(commit.prefix(12)): \(fault.message)",
            releasedBy: fault.releasedBy
        )
    }
}
