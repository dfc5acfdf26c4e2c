import Domain
import HTTP

/// A word said to a service, such as `:pause`.
protocol ServiceVerb: Operation {
    /// The service that the path names, and whether only the plan is wanted.
    var target: ServiceTarget { get }

    /// What becomes of the service; nil where it is so already.
    func decide(_ service: ServiceInstance, _ call: Invocation) async throws -> ServiceStep?
}

extension ServiceVerb {
    func answer(_ call: Invocation) async throws -> Answer {
        try await ServiceChange(call, of: target).perform { service in
            try await decide(service, call)
        }
    }
}
