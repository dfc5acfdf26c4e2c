import Domain
import HTTP
import JSON

/// A newer version of the offering for a service.
struct UpgradeService: ServiceVerb {
    static let endpoint = Endpoint(
        "upgradeService",
        .post,
        "/v1/tenants/{tenant}/services/{service}:upgrade",
        for: .permitted(.updateService),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    let target: ServiceTarget
    private let version: SemanticVersion?

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
        version = try inputs.read { reader in
            .some(reader.optional("version", orNull: true, Reading.semanticVersion))
        }
    }

    func decide(_ service: ServiceInstance, _ call: Invocation) async throws -> ServiceStep? {
        var order = service.order
        order.version = try await wanted(by: service, call)
        return try await service.ordered(labels: service.labels, order, call)
    }

    /// The version that is asked for, or the newest that takes the service, as the tenant's version
    /// of the blueprint or its default has it: others must be named.
    private func wanted(
        by service: ServiceInstance,
        _ call: Invocation
    ) async throws -> SemanticVersion {
        if let version { return version }
        let scene = try await ServiceScene(of: target.tenant, call)
        let own = scene.tenant.blueprintVersion
        let range = try await scene.range(call)
        let newer = range.releases(of: service.spec.offering).filter { release in
            service.spec.version < release.offering.version
                && release.offering.version.prerelease.isEmpty
                && (release.state == .default || release.blueprintVersion == own)
        }
        let taken = newer.filter { $0.offering.takes(service.spec.version) }
        guard let best = taken.map(\.offering.version).max(by: <) else {
            let names = newer.map(\.offering.version.description).joined(separator: ", ")
            throw ServiceRefusal.hasNothingNewer(
                newer.isEmpty
                    ? "The service is of the newest version, \(service.spec.version)."
                    : "None of the newer versions takes services of \(service.spec.version) "
                        + "directly: \(names). Upgrade to one between them first."
            )
        }
        return best
    }
}
