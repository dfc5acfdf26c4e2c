package import Contract
package import Domain
import Folders
import JSON
import Kubernetes

extension ServiceWorkflows {
    /// What is seen of a service between its jobs, just as a delivery looks that waits until it is
    /// ready; the Secrets that it needs as well.
    ///
    /// - Throws: where its cluster cannot be asked.
    package func look(
        at service: ServiceInstance
    ) async throws(ProviderFault) -> EnvironmentObservation {
        guard let live = service.status.live, let site = try await site(of: service) else {
            return .unseen(because: "Its cluster is gone.")
        }
        let rendered = try await files.render(site.spot.release(service, at: live.terms))
        return try await scene(
            of: rendered.files.of("service"),
            and: rendered.secrets.map(\.name),
            by: rendered.rules,
            at: site
        ).observation
    }

    /// Whether the cluster of a service answers at all.
    package func isAway(_ service: ServiceInstance) async -> Bool {
        do throws(ProviderFault) {
            guard let site = try await site(of: service) else { return false }
            return try await site.client().isAway(asked: .namespace(site.spot.namespace))
        } catch {
            return true
        }
    }

    /// Makes the consumer's Secret hold what the source of its credential says now: what an engine
    /// has renewed by itself, or somebody has removed.
    ///
    /// - Returns: what there is to tell; nothing where it is not known, or a job is at work on it.
    package func follow(_ binding: ServiceBinding) async throws(ProviderFault) -> [StepFact] {
        guard binding.status.phase == .ready || binding.status.phase == .rotating,
            let current = binding.status.current, let place = binding.status.secret,
            let cluster = try await records.cluster(place.cluster, of: binding.tenant),
            cluster.status.phase != .deleting
        else { return [] }
        let secret = try await secret(of: binding, at: place)
        do throws(ProviderFault) {
            if let wait = try await secret.obstacle() { return [Self.lack(wait.on)] }
            // Whoever has written another one is about to tell so.
            if let held = try await secret.number(), held != current.number { return [] }
            if binding.spec.carrier == .externalSecrets {
                return [try await brought(binding, current, secret)]
            }
            switch try await present(of: binding) {
            case .failure(let lack): return [Self.lack(lack.what)]
            case .success(let present):
                let isNew = try await secret.follow(
                    present.credentials,
                    number: current.number,
                    type: present.type
                )
                return isNew ? [.credentialRenewed(current.number), Self.synced] : [Self.synced]
            }
        } catch .refused(let reason) {
            return [Self.condition(ServiceBinding.synced, .false, "Refused", reason)]
        }
    }

    /// Whether External Secrets brings the credential; what somebody has removed is put back.
    private func brought(
        _ binding: ServiceBinding,
        _ current: CredentialRecord,
        _ secret: ConsumerSecret
    ) async throws(ProviderFault) -> StepFact {
        guard let service = try await records.service(binding.service),
            let site = try await site(of: service)
        else { throw .refused(reason: "the service is gone") }
        let delivery = ExternalDelivery(secret: secret, source: site.spot.namespace)
        guard let wait = try await delivery.wait(for: current.number) else { return Self.synced }
        let work = CredentialWork(
            binding: binding,
            record: current,
            site: site,
            consumerNamespace: secret.namespace
        )
        let rendered = try await files.render(work.release())
        try await delivery.apply(rendered, number: current.number, nil)
        return Self.lack(wait.on)
    }

    private static let synced = condition(
        ServiceBinding.synced,
        .true,
        "Synced",
        "The consumer's Secret holds what its source says."
    )

    private static func lack(_ what: String) -> StepFact {
        condition(ServiceBinding.synced, .false, "Missing", "Waiting for \(what).")
    }
}
