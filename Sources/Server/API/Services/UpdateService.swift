import Domain
import HTTP
import JSON
import Storage

/// Parts of a service, by JSON merge patch.
struct UpdateService: Operation {
    static let endpoint = Endpoint(
        "updateService",
        .patch,
        "/v1/tenants/{tenant}/services/{service}",
        for: .permitted(.updateService),
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let target: ServiceTarget
    private let patch: Patch

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
        patch = Patch(inputs.body)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await ServiceChange(call, of: target).perform { service in
            let document = patch.applied(to: try service.wish(), open: ["labels", "parameters"])
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { ServiceInput(&$0, needsOffering: true) }
            return try await service.ordered(labels: wish.labels, wish.order, call)
        }
    }
}
