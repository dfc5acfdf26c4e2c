import Domain

/// One source, without its secret.
struct GetSource: Operation {
    static let endpoint = Endpoint.reading(
        "getSource",
        "/v1/tenants/{tenant}/sources/{source}",
        .readSources
    )

    private let target: SourceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let source = try await target.found(call)
        return .resource(SourceView.bytes(source), revision: source.revision)
    }
}
