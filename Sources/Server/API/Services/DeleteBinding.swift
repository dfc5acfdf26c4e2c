import Domain
import HTTP
import Storage

/// Takes access from a consumer, and removes every credential of the binding.
struct DeleteBinding: Operation {
    static let endpoint = Endpoint(
        "deleteBinding",
        .delete,
        "/v1/tenants/{tenant}/services/{service}/bindings/{binding}",
        for: .permitted(.bindService),
        [.changes, .conditional, .waits, .plans]
    )

    private let target: BindingTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try BindingTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await BindingChange(call, of: target).perform(effect: .deleted) { binding in
            if binding.name == OrderedService.binding { try await checkOrder(call) }
            let reason = "\(call.callerName) asked for it."
            return binding.revocation(because: reason, on: call.occasion)
        }
    }

    /// Refuses to take from an environment what was ordered with it.
    private func checkOrder(_ call: Invocation) async throws {
        let service = try await target.service.service(call)
        guard service.status.dependency != nil, service.status.phase != .deleting,
            let environment = service.spec.environment
        else { return }
        throw ServiceRefusal.isNeeded(by: environment)
    }
}
