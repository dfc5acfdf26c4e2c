import Domain
import HTTP
import Storage

/// A service as the body says, whether it exists or not.
struct ReplaceService: Operation {
    static let endpoint = Endpoint(
        "replaceService",
        .put,
        "/v1/tenants/{tenant}/services/{service}",
        for: .permitted(.updateService),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let target: ServiceTarget
    private let wish: ServiceInput

    init(reading inputs: Inputs) throws(Problem) {
        let target = try ServiceTarget(reading: inputs)
        self.target = target
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return ServiceInput(&reader, needsOffering: true)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else {
                guard call.access.allows(.createService) else { throw Problem.notFound }
                return try await call.creating {
                    try await ServiceCreation(
                        tenant: target.tenant,
                        name: target.name,
                        wish: wish
                    ).answer(call, isDryRun: target.isDryRun)
                }
            }
            return try await ServiceChange(call, of: target).perform(on: stored) { service in
                try await service.ordered(labels: wish.labels, wish.order, call)
            }
        }
    }
}
