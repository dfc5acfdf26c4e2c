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
    /// has renewed by itself, or somebody has removed, or put back from before.
    ///
    /// - Returns: what there is to tell; nothing where it is not known, or a job is at work on it.
    package func follow(_ binding: ServiceBinding) async throws(ProviderFault) -> [StepFact] {
        let status = binding.status
        guard binding.isFollowed, let current = status.current, let place = status.secret,
            let cluster = try await records.cluster(place.cluster, of: binding.tenant),
            cluster.status.phase != .deleting
        else { return [] }
        let secret = try await secret(of: binding, at: place)
        let isExternal = binding.spec.carrier == .externalSecrets
        do throws(ProviderFault) {
            if let wait = try await secret.obstacle() { return [Self.lack(wait.on)] }
            let held = try await secret.number() ?? current.number
            // Whoever has written a newer one, or is about to, tells so.
            if held > current.number { return [] }
            if status.coming != nil, isExternal || held < current.number { return [] }
            let facts =
                isExternal
                ? try await brought(binding, current, secret)
                : try await copied(binding, current, secret)
            // Those who took an older one, which somebody has put back, get its overlap once more.
            let isKept = status.retiring.contains { $0.number == held && $0.job == nil }
            guard isKept, !facts.isEmpty else { return facts }
            return [.credentialHeld(held, secret: place)] + facts
        } catch .refused(let reason) {
            return [Self.condition(ServiceBinding.synced, .false, "Refused", reason)]
        }
    }

    /// Copies the credential out of its source, where the consumer's Secret holds something else.
    private func copied(
        _ binding: ServiceBinding,
        _ current: CredentialRecord,
        _ secret: ConsumerSecret
    ) async throws(ProviderFault) -> [StepFact] {
        switch try await present(of: binding) {
        case .failure(let lack): return [Self.lack(lack.what)]
        case .success(let present):
            guard try await isUnchanged(binding) else { return [] }
            let isNew = try await secret.follow(
                present.credentials,
                number: current.number,
                type: present.type
            )
            guard isNew else { return [Self.synced] }
            guard try await isLeft(binding) else {
                try await secret.remove(nil)
                return []
            }
            return [.credentialRenewed(current.number), Self.synced]
        }
    }

    /// Whether External Secrets brings the credential; what somebody has removed is put back.
    private func brought(
        _ binding: ServiceBinding,
        _ current: CredentialRecord,
        _ secret: ConsumerSecret
    ) async throws(ProviderFault) -> [StepFact] {
        let (delivery, work) = try await bringing(current, of: binding, to: secret)
        guard let wait = try await delivery.wait(for: current.number) else { return [Self.synced] }
        let rendered = try await files.render(work.release())
        guard try await isUnchanged(binding) else { return [] }
        try await delivery.apply(rendered, number: current.number, nil)
        guard try await isLeft(binding) else {
            try await delivery.remove(nil)
            try await secret.remove(nil)
            return []
        }
        return [Self.lack(wait.on)]
    }

    /// What has External Secrets bring a credential, and what that is rendered from.
    func bringing(
        _ record: CredentialRecord,
        of binding: ServiceBinding,
        to secret: ConsumerSecret
    ) async throws(ProviderFault) -> (delivery: ExternalDelivery, work: CredentialWork) {
        guard let service = try await records.service(binding.service),
            let site = try await site(of: service)
        else { throw .refused(reason: "the service is gone") }
        let work = CredentialWork(
            binding: binding,
            record: record,
            site: site,
            consumerNamespace: secret.namespace
        )
        return (ExternalDelivery(secret: secret, source: site.spot.namespace), work)
    }

    /// Whether the binding has the credential still that it had, and gets no other.
    private func isUnchanged(_ binding: ServiceBinding) async throws(ProviderFault) -> Bool {
        guard let now = try await records.binding(binding.id), now.isFollowed else { return false }
        return now.status.current?.number == binding.status.current?.number
            && now.status.coming?.number == binding.status.coming?.number
    }

    /// Whether it is there and stays: whoever takes it away may have been at the consumer before
    /// somebody wrote there.
    private func isLeft(_ binding: ServiceBinding) async throws(ProviderFault) -> Bool {
        guard let now = try await records.binding(binding.id) else { return false }
        return now.status.phase != .revoking
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

extension ServiceBinding {
    /// Whether its consumer has a credential that is to stay as its source says.
    fileprivate var isFollowed: Bool { status.phase == .ready || status.phase == .rotating }
}
