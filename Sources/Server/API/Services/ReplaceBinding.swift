import Domain
import HTTP
import Storage

/// A binding as the body says, whether it exists or not.
struct ReplaceBinding: Operation {
    static let endpoint = Endpoint(
        "replaceBinding",
        .put,
        "/v1/tenants/{tenant}/services/{service}/bindings/{binding}",
        for: .permitted(.bindService),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let target: BindingTarget
    private let wish: BindingInput

    init(reading inputs: Inputs) throws(Problem) {
        let target = try BindingTarget(reading: inputs)
        self.target = target
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return BindingInput(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else {
                return try await call.creating {
                    try await BindingCreation(target: target, wish: wish).answer(call)
                }
            }
            return try await BindingChange(call, of: target).perform(on: stored) { binding in
                let scene = try await BindingScene(of: target.service, call)
                try scene.check(wish.spec)
                return try binding.change(
                    labels: wish.labels,
                    spec: wish.spec,
                    in: scene.surroundings,
                    on: call.occasion
                )
            }
        }
    }
}
