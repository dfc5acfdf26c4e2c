import HTTP

/// Whether the process is alive: it is, when it can answer.
struct GetLiveness: Operation {
    static let endpoint = Endpoint(
        "getLiveness",
        .get,
        "/livez",
        for: .everybody,
        parameters: ["verbose"],
        [.unlimited]
    )

    private let report: HealthReport

    init(reading inputs: Inputs) throws(Problem) {
        report = try HealthReport(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        report.answer([("event-loop", nil)])
    }
}

/// The same at the address that platforms probe.
struct GetPlatformLiveness: Operation {
    static let endpoint = Endpoint(
        "getPlatformLiveness",
        .get,
        "/internal/platform/liveness",
        for: .everybody,
        parameters: ["verbose"],
        [.unlimited]
    )

    private let liveness: GetLiveness

    init(reading inputs: Inputs) throws(Problem) {
        liveness = try GetLiveness(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await liveness.answer(call)
    }
}
