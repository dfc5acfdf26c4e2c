import JSON

/// Plays the Job controller.
struct JobPlayer: Player {
    let name = "job-controller"
    let kind = SandboxKind.job
    var others: [SandboxKind] { [.pod] }

    func play(
        _ job: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !job.isDeleting, job.condition("Complete") == nil,
            job.spec["suspend"]?.bool != true
        else { return .none }
        let wanted = max(0, job.spec["completions"]?.int ?? 1)
        let names = (0..<wanted).map { number in
            (
                name: "\(job.name)-\(Draw.suffix("\(job.uid) \(number)"))",
                labels: ["batch.kubernetes.io/job-name": job.name, "job-name": job.name],
                node: String?.none
            )
        }
        let result = try await PodSet(owner: job, scene: scene).keep(names)
        let done = result.pods.filter { $0.status["phase"]?.string == "Succeeded" }.count
        try await scene.report(job) { job in
            let time = JSON.string(scene.now.kubernetesText)
            if job.status["startTime"] == nil { job.status["startTime"] = time }
            job.status["active"] = done == wanted ? nil : .integer(result.pods.count - done)
            job.status["ready"] = .integer(result.ready)
            job.status["succeeded"] = done == 0 ? nil : .integer(done)
            guard done == wanted else { return }
            job.status["completionTime"] = time
            job.setCondition(
                "SuccessCriteriaMet",
                true,
                reason: "CompletionsReached",
                at: scene.now
            )
            job.setCondition("Complete", true, reason: "CompletionsReached", at: scene.now)
        }
        if done == wanted { try await scene.event(job, "Completed", "Job completed") }
        return result.refusal == nil ? .none : scene.soon
    }
}
