import Domain
import HTTP
import Storage

/// The next credential of a binding, before its time.
struct RotateBinding: Operation {
    static let endpoint = Endpoint(
        "rotateBinding",
        .post,
        "/v1/tenants/{tenant}/services/{service}/bindings/{binding}:rotate",
        for: .permitted(.bindService),
        [.changes, .conditional, .waits, .plans]
    )

    private let target: BindingTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try BindingTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await BindingChange(call, of: target).perform { binding in
            try binding.rotation(on: call.occasion)
        }
    }
}
