package import Contract
package import Domain
import Drivers
import Folders
import JSON
import Kubernetes

extension ServiceWorkflows {
    private static let part = "binding"
    private static let endPart = "binding-end"

    /// The folder of a credential, below the service's.
    static func path(of credential: String) -> String { "bindings/\(credential)" }

    /// Decides what the credential is made from, and where its consumer is.
    func resolveBinding(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let binding = try await binding(context), let coming = binding.status.coming,
            coming.number == credentialNumber(context), binding.status.phase != .revoking
        else { return .done(Evidence(["idle": true])) }
        guard let service = try await records.service(binding.service),
            service.status.phase != .deleting
        else { throw .refused(reason: "service \(binding.serviceName) is gone, or goes") }
        guard service.status.live != nil || service.status.phase != .failed else {
            throw .refused(
                reason: "service \(service.name) has failed and was never ready; once it is, ask "
                    + "for the binding again by the same call"
            )
        }
        guard let live = service.status.live, !service.spec.paused,
            let site = try await site(of: service)
        else {
            return waiting(
                context,
                telling: Wait(
                    on: "service \(service.name) to be ready; it is "
                        + service.status.phase.rawValue,
                    releasedBy: service.spec.paused
                        ? "whoever resumes the service"
                        : "what the service's own status says that it waits on"
                )
            )
        }
        let place: SecretPlace?
        switch try await consumer(of: binding) {
        case .success(let found): place = found
        case .failure(let lack): return waiting(context, telling: lack.wait)
        }
        if let place, let wait = try await secret(of: binding, at: place).obstacle() {
            return waiting(context, telling: wait)
        }
        if binding.spec.carrier == .externalSecrets {
            guard site.spot.place == .tenant, place?.cluster == site.spot.cluster else {
                throw .refused(
                    reason: "External Secrets reads its own cluster alone, and the service is in "
                        + "another one than its consumer; make another binding with "
                        + "`delivery: secret`"
                )
            }
            try await check([], requiring: ExternalDelivery.kinds, at: site)
        }
        let offering = try await files.offering(at: live.terms, for: service.tenant)
        guard let offered = offering.binding else {
            throw .refused(reason: "offering \(offering.name) cannot be bound")
        }
        var findings: JSONObject = ["spot": .object(site.spot.findings)]
        if let place {
            findings["consumer"] = [
                "cluster": .string(place.cluster.text), "namespace": .string(place.namespace),
            ]
        }
        let rotation = binding.spec.rotation(by: offered)
        return .done(
            Evidence(
                findings,
                facts: [.credentialBegun(coming.number, live.terms, rotation)]
            )
        )
    }

    /// Looks up what the cluster must know, and makes the Secrets that must be there before.
    func prepareCredential(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await credential(context) else { return .done }
        let rendered = try await files.render(work.release())
        let documents = try FolderDocument.all(in: rendered.files)
        try await check(documents, requiring: [], at: work.site)
        let secrets = try await ServiceSecrets(at: work.site)
        let labels = work.labels(of: rendered)
        let lack = try await secrets.put(rendered.secrets, labelled: labels, context)
        if let lack { return waiting(context, telling: lack) }
        return .done
    }

    /// Commits what the binding comes to, beside the service.
    func deliverCredential(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await credential(context) else { return .done }
        let rendered = try await files.render(work.release())
        let own = rendered.files.below(Self.part)
        guard !own.isEmpty else {
            return .done(Evidence(delivered(nil, within: rendered.offered.deadline)))
        }
        let path = Self.path(of: rendered.name)
        let commit = try await commit(
            [FolderEdit("\(path)/\(Self.part)", own), FolderEdit("\(path)/\(Self.endPart)", [])],
            at: work.site,
            saying: "Make credential \(rendered.name)",
            context
        )
        return .done(Evidence(delivered(commit, within: rendered.offered.deadline)))
    }

    /// Waits until the engine has applied the commit.
    func awaitCredentialApplied(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let commit = context.findings(of: Self.deliverStep)?["commit"]?.string,
            let work = try await credential(context),
            let wait = try await unapplied(commit, at: work.site)
        else { return .done }
        return waiting(context, telling: wait)
    }

    /// Waits until the credential's objects are ready and every key has a value.
    func awaitCredential(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await credential(context) else { return .done }
        let rendered = try await files.render(work.release())
        let scene = try await scene(
            of: rendered.files.of(Self.part),
            by: rendered.rules,
            at: work.site
        )
        guard scene.obstacle == nil else { return try await unready(context, scene) }
        // Nobody but External Secrets reads the values then, and says what is missing.
        if work.binding.spec.carrier == .externalSecrets { return .done }
        switch try await credentials(rendered, of: work) {
        case .success: return .done
        case .failure(let lack): return waiting(context, telling: Wait(on: lack.what))
        }
    }

    /// The values of the credential that a binding has now, read out of the cluster.
    ///
    /// - Throws: `.away` where something of it is not there.
    package func credentials(
        of binding: ServiceBinding
    ) async throws(ProviderFault) -> Credentials {
        switch try await present(of: binding) {
        case .success(let present): return present.credentials
        case .failure(let lack):
            throw .away(
                reason: "\(lack.what) is not there",
                releasedBy: "whoever removed it",
                retryAfter: .seconds(5)
            )
        }
    }

    /// The same, with the type of Secret that they are in, or what is missing of them.
    func present(
        of binding: ServiceBinding
    ) async throws(ProviderFault) -> Result<PresentCredential, CredentialLack> {
        guard let record = binding.status.current,
            let service = try await records.service(binding.service),
            let site = try await site(of: service)
        else { throw .refused(reason: "the binding has no credential yet") }
        let place = try await consumer(of: binding)
        var namespace = site.spot.namespace
        if case .success(let found?) = place { namespace = found.namespace }
        let work = CredentialWork(
            binding: binding,
            record: record,
            site: site,
            consumerNamespace: namespace
        )
        let rendered = try await files.render(work.release())
        return try await credentials(rendered, of: work).map {
            PresentCredential(credentials: $0, type: rendered.offered.type)
        }
    }

    private func credentials(
        _ rendered: CredentialRendering,
        of work: CredentialWork
    ) async throws(ProviderFault) -> Result<Credentials, CredentialLack> {
        try await Credentials.read(
            rendered,
            in: work.site.spot.namespace,
            through: try await work.site.client()
        )
    }

    /// Gives the consumer the credential, in one write.
    func switchOver(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await credential(context) else { return .done }
        let findings = context.findings(of: Self.resolveStep)?["consumer"]
        var place: SecretPlace?
        if let findings,
            let cluster = (findings["cluster"]?.string).flatMap(ClusterName.init(told:))
        {
            place = SecretPlace(
                cluster: cluster,
                namespace: work.consumerNamespace,
                name: work.binding.secretName
            )
        }
        if let wait = try await hand(over: work, to: place, context) {
            return waiting(context, telling: wait)
        }
        return .done(
            Evidence(
                facts: [
                    .bindingSeen(EnvironmentObservation(isReady: nil)),
                    Self.condition("Ready", .true, "Ready", "Its credential is there."),
                    .credentialSwitched(
                        work.record.number,
                        secret: place,
                        revision: context.findings(of: Self.deliverStep)?["commit"]?.string
                    ),
                ]
            )
        )
    }

    /// Has the consumer's Secret hold the credential; what that waits for, nil once it does.
    private func hand(
        over work: CredentialWork,
        to place: SecretPlace?,
        _ context: StepContext
    ) async throws(ProviderFault) -> Wait? {
        let rendered = try await files.render(work.release())
        let number = work.record.number
        if let place, work.binding.spec.carrier == .externalSecrets {
            let secret = try await secret(of: work.binding, at: place)
            if let wait = try await secret.obstacle() { return wait }
            let delivery = ExternalDelivery(secret: secret, source: work.site.spot.namespace)
            try await delivery.apply(rendered, number: number, context)
            return try await delivery.wait(for: number)
        }
        let credentials: Credentials
        switch try await self.credentials(rendered, of: work) {
        case .success(let found): credentials = found
        case .failure(let lack): return Wait(on: lack.what)
        }
        guard let place else { return nil }
        let secret = try await secret(of: work.binding, at: place)
        if let wait = try await secret.obstacle() { return wait }
        try await secret.write(credentials, number: number, type: rendered.offered.type, context)
        return nil
    }
}
