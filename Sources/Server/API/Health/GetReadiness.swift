import HTTP

/// Whether requests should be sent here: every vital probe has to say so.
struct GetReadiness: Operation {
    static let endpoint = Endpoint(
        "getReadiness",
        .get,
        "/readyz",
        for: .everybody,
        parameters: ["verbose"],
        [.unlimited]
    )

    private let report: HealthReport

    init(reading inputs: Inputs) throws(Problem) {
        report = try HealthReport(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        var checks: [HealthReport.Check] = []
        var faults: [Fault] = []
        for probe in call.services.probes where probe.isVital || report.isVerbose {
            let trouble = await probe.check()
            checks.append((probe.name, trouble))
            guard probe.isVital, let trouble else { continue }
            faults.append(Fault(.check(probe.name), code: "failing", detail: trouble))
        }
        guard faults.isEmpty else {
            throw Problem(
                .notReady,
                "Send requests elsewhere until the checks in `errors` pass.",
                faults: faults,
                retryAfter: 1
            )
        }
        return report.answer(checks)
    }
}

/// The same at the address that platforms probe.
struct GetPlatformReadiness: Operation {
    static let endpoint = Endpoint(
        "getPlatformReadiness",
        .get,
        "/internal/platform/readiness",
        for: .everybody,
        parameters: ["verbose"],
        [.unlimited]
    )

    private let readiness: GetReadiness

    init(reading inputs: Inputs) throws(Problem) {
        readiness = try GetReadiness(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await readiness.answer(call)
    }
}
