import Domain
import HTTP
import Storage

/// The end of a trust: the tokens that it gave stop working; what was made with them stays.
struct DeleteTrust: Operation {
    static let endpoint = Endpoint(
        "deleteTrust",
        .delete,
        "/v1/tenants/{tenant}/trusts/{trust}",
        for: .permitted(.manageTrusts),
        [.changes, .conditional, .plans, .revokes]
    )

    private let target: TrustTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try TrustTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let trust = try await target.find(call) else { throw Problem.notFound }
            try call.checkConditions(revision: trust.revision)
            let decision = trust.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: target.isDryRun).perform(
                at: trust.revision,
                of: try trust.wish()
            ) { circumstances throws(StorageFault) in
                try await call.services.storage.trusts.remove(
                    decision,
                    replacing: trust.revision,
                    for: circumstances
                )
            }
        }
    }
}
