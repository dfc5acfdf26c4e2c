import Domain
import HTTP
import Storage

/// The end of a service and of everything that was made for it.
struct DeleteService: Operation {
    static let endpoint = Endpoint(
        "deleteService",
        .delete,
        "/v1/tenants/{tenant}/services/{service}",
        for: .permitted(.deleteService),
        parameters: ["bindings"],
        [.changes, .conditional, .waits, .plans]
    )

    private let target: ServiceTarget
    private let ending: BindingEnding

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
        ending = try inputs.filter("bindings", Reading.choice()) ?? .refuse
    }

    func answer(_ call: Invocation) async throws -> Answer {
        if ending == .revoke, !call.access.allows(.bindService) { throw Problem.notFound }
        let change = ServiceChange(call, of: target, as: .deleteService)
        return try await change.perform(effect: .deleted) { service in
            // A deletion that waits for bindings is asked for anew, with their end.
            let bindings = call.services.storage.bindings
            let revokes =
                ending == .revoke && service.status.phase == .deleting
                ? try await bindings.hasUnrevoked(of: service.id) : false
            let decision = try service.deletion(
                by: call.callerName,
                waits: ending != .refuse,
                revokes: revokes,
                on: call.occasion
            )
            return ServiceStep(decision, ending: ending)
        }
    }
}
