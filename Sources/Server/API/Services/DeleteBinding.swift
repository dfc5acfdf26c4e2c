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
            binding.revocation(because: "\(call.callerName) asked for it.", on: call.occasion)
        }
    }
}
