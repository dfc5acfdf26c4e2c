import Domain
import JSON

/// Tells a forge of one pull request or branch: what it was not told yet, kind by kind.
struct Telling {
    /// What came of it.
    struct Result {
        /// What stands on the forge now.
        var told: ReportCase
        /// Whether nothing is left to tell.
        var isWhole = true
        /// Why the forge refused; nil where it did not.
        var fault: String?
        /// How long it is to be left alone; nil where it answered.
        var pause: Duration?
        /// Whether this process gave the calls up because it stops: the forge did nothing wrong.
        var isGivenUp = false

        var outcome: ForgeReporter.Outcome? {
            if isGivenUp { return nil }
            return pause != nil ? .unanswered : fault != nil ? .refused : .told
        }

        /// Whether there is no use in going on.
        var isOver: Bool { isGivenUp || pause != nil }
    }

    let client: ForgeClient
    let lane: ForgeLane

    func tell(_ next: ReportCase) async -> Result {
        var result = Result(told: next)
        guard let report = EnvironmentReport(of: next.thread, in: next.source, next.environment)
        else { return result }
        // What was never there is not said to be gone.
        if report.state == .gone, next.trace.said.isEmpty { return result }
        let rule = next.source.spec.report
        let repository = next.source.spec.repository
        if rule.status, report.state != .gone, !result.isOver {
            await step("status", report.statusText, &result) { (_) throws(ForgeFault) in
                try await client.setStatus(report, of: repository)
            }
        }
        if rule.deployment, client.hasDeployments, !result.isOver {
            await step("deployment", report.statusText, &result) { (trace) throws(ForgeFault) in
                let known = trace.deploymentOf == report.revision ? trace.deployment : nil
                if let before = trace.deployment, known == nil, report.state != .gone {
                    try await client.retire(before, before: report, of: repository)
                }
                trace.deployment = try await client.setDeployment(
                    report,
                    known: report.state == .gone ? trace.deployment : known,
                    of: repository
                )
                trace.deploymentOf = report.revision
            }
        }
        if rule.comment, let number = report.pullRequest, !result.isOver {
            let marker = Self.marker(of: next.source)
            await step("comment", report.comment, &result) { (trace) throws(ForgeFault) in
                trace.comment = try await client.setComment(
                    report.comment,
                    marked: marker,
                    known: trace.comment,
                    on: number,
                    of: repository
                )
            }
        }
        return result
    }

    /// What finds the comment again, also after it was made and that was not written down.
    private static func marker(of source: Source) -> String { "<!-- slipway:\(source.id) -->" }

    /// Tells one kind of thing, unless just that was told last.
    private func step(
        _ kind: String,
        _ text: String,
        _ result: inout Result,
        _ body: (inout ReportTrace) async throws(ForgeFault) -> Void
    ) async {
        guard result.told.trace.said[kind] != text else { return }
        var trace = result.told.trace
        do throws(ForgeFault) {
            try await body(&trace)
            trace.said[kind] = text
            result.told.trace = trace
        } catch {
            switch error {
            case .refused(let reason, _):
                result.isWhole = false
                result.fault = "\(kind): \(reason)"
            case .away(_, let asked):
                result.isWhole = false
                result.pause = lane.pause(asked: asked)
            case .cancelled:
                result.isWhole = false
                result.isGivenUp = true
            }
        }
    }
}

extension EnvironmentReport {
    /// What tells one status of the commit from another.
    fileprivate var statusText: String {
        [state.rawValue, revision, summary, url ?? ""].joined(separator: "\n")
    }
}
