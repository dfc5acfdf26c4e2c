import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension ServiceWorkflows {
    private static let part = "binding"
    private static let endPart = "binding-end"

    /// Takes the Secret from the consumer.
    func takeAway(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let binding = try await binding(context) else { return .done }
        try await stopBringing(binding, context)
        guard let place = try await whereabouts(of: binding),
            let cluster = try await records.cluster(place.cluster, of: binding.tenant),
            cluster.status.phase != .deleting
        else { return .done }
        try await secret(of: binding, at: place).remove(context)
        return .done
    }

    /// Takes from External Secrets what has it bring the credential; its right to read is in the
    /// service's namespace, also where the consumer's is gone.
    private func stopBringing(
        _ binding: ServiceBinding,
        _ context: StepContext
    ) async throws(ProviderFault) {
        guard binding.spec.carrier == .externalSecrets,
            let service = try await records.service(binding.service),
            let site = try await site(of: service), !site.isLeftBehind
        else { return }
        let secret = ConsumerSecret(
            binding: binding,
            namespace: try await whereabouts(of: binding)?.namespace ?? site.spot.namespace,
            client: try await site.client()
        )
        try await ExternalDelivery(secret: secret, source: site.spot.namespace).remove(context)
    }

    /// Asks the consumer's Secret which credential it holds, before one goes or the next takes
    /// over: whoever wrote it may have ended before that was told.
    func compare(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let binding = try await binding(context), binding.status.phase != .revoking,
            let place = try await whereabouts(of: binding),
            let cluster = try await records.cluster(place.cluster, of: binding.tenant),
            cluster.status.phase != .deleting
        else { return .done }
        let status = binding.status
        let secret = try await secret(of: binding, at: place)
        guard let held = try await secret.number(), held != status.current?.number else {
            return .done
        }
        // Somebody has put an older one back; where the next one comes, it is replaced by that.
        if let current = status.current, held < current.number, status.coming == nil {
            try await restore(current, of: binding, to: secret, context)
        }
        guard status.retiring.contains(where: { $0.number == held }) else { return .done }
        context.log.info("the consumer has credential \(held)")
        return .done(Evidence(facts: [.credentialHeld(held, secret: place)]))
    }

    /// Has the consumer hold the credential of the binding again.
    private func restore(
        _ current: CredentialRecord,
        of binding: ServiceBinding,
        to secret: ConsumerSecret,
        _ context: StepContext
    ) async throws(ProviderFault) {
        guard binding.spec.carrier == .slipway else {
            let (delivery, work) = try await bringing(current, of: binding, to: secret)
            let rendered = try await files.render(work.release())
            return try await delivery.apply(rendered, number: current.number, context)
        }
        guard case .success(let present) = try await present(of: binding) else { return }
        try await secret.write(
            present.credentials,
            number: current.number,
            type: present.type,
            context
        )
    }

    /// Where the consumer's Secret is, or was to be: it may be written, and not told yet.
    private func whereabouts(
        of binding: ServiceBinding
    ) async throws(ProviderFault) -> SecretPlace? {
        if let known = binding.status.secret { return known }
        switch binding.spec.delivery {
        case .answer: return nil
        case .namespace: break
        case .environment(let name):
            // With an environment its namespace goes, and all that is in it.
            let found = try await records.environment(name, of: binding.tenantName)
            guard found != nil else { return nil }
        }
        guard case .success(let place) = try await consumer(of: binding) else { return nil }
        return place
    }

    /// The credentials that go: the one of the job, or all that the binding has.
    private func leaving(_ context: StepContext) async throws(ProviderFault) -> [CredentialWork] {
        guard let binding = try await binding(context),
            let service = try await records.service(binding.service),
            let site = try await site(of: service), !site.isLeftBehind
        else { return [] }
        let status = binding.status
        var records = status.retiring
        if let number = credentialNumber(context) {
            // One that was kept, and goes later, has a job of its own then.
            records.removeAll { $0.number != number || $0.job != context.job }
        } else {
            records += [status.current, status.coming].compactMap(\.self)
        }
        let namespace = try await whereabouts(of: binding)?.namespace
        return records.filter { $0.terms != nil }.map { record in
            CredentialWork(
                binding: binding,
                record: record,
                site: site,
                consumerNamespace: namespace ?? site.spot.namespace
            )
        }
    }

    /// Those of them whose files are in Git, with what they are rendered to.
    private func delivered(
        _ works: [CredentialWork]
    ) async throws(ProviderFault) -> [(work: CredentialWork, rendered: CredentialRendering)] {
        guard let site = works.first?.site else { return [] }
        let paths = try await files.files(of: site.files).map(\.path.text)
        var found: [(CredentialWork, CredentialRendering)] = []
        for work in works {
            let rendered = try await files.render(work.release())
            let folder = "\(Self.path(of: rendered.name))/"
            if paths.contains(where: { $0.hasPrefix(folder) }) { found.append((work, rendered)) }
        }
        return found
    }

    /// What Kubernetes does not clean up is rendered, beside everything else.
    func endCredentials(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let all = try await delivered(try await leaving(context))
        let edits = all.compactMap { _, rendered -> FolderEdit? in
            let ends = rendered.files.below(Self.endPart)
            let path = "\(Self.path(of: rendered.name))/\(Self.endPart)"
            return ends.isEmpty ? nil : FolderEdit(path, ends)
        }
        guard let site = all.first?.work.site, !edits.isEmpty else { return .done }
        let names = all.map(\.rendered.name).joined(separator: ", ")
        let commit = try await commit(
            edits,
            at: site,
            saying: "End credential \(names)",
            suspended: site.service.spec.paused,
            context
        )
        return .done(Evidence(["commit": .string(commit)]))
    }

    /// Waits until all of that is done.
    func awaitCredentialsEnded(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let commit = context.findings(of: Self.endStep)?["commit"]?.string else {
            return .done
        }
        for (work, rendered) in try await delivered(try await leaving(context)) {
            if let wait = try await unapplied(commit, at: work.site) {
                return waiting(context, telling: wait.held(by: work.site.service))
            }
            let scene = try await scene(
                of: rendered.files.of(Self.endPart),
                by: rendered.rules,
                at: work.site
            )
            let outcome = try await awaiting(context, scene)
            guard case .done = outcome else { return outcome }
        }
        return .done
    }

    /// Removes the files; the engine removes what they made.
    func removeCredentials(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let all = try await delivered(try await leaving(context))
        guard let site = all.first?.work.site else { return .done }
        let names = all.map(\.rendered.name)
        let commit = try await commit(
            names.map { FolderEdit(Self.path(of: $0), []) },
            at: site,
            saying: "Remove credential \(names.joined(separator: ", "))",
            suspended: site.service.spec.paused,
            context
        )
        return .done(Evidence(["commit": .string(commit)]))
    }

    /// Waits until nothing of the credentials is there any more.
    func awaitCredentialsRemoved(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let commit = context.findings(of: "remove")?["commit"]?.string else { return .done }
        for work in try await leaving(context) {
            if let wait = try await unapplied(commit, at: work.site) {
                return waiting(context, telling: wait.held(by: work.site.service))
            }
            let rendered = try await files.render(work.release())
            let client = try await work.site.client()
            for document in try FolderDocument.all(in: rendered.files) {
                let key = ObjectKey(
                    document.kind,
                    namespace: document.namespace,
                    name: document.name
                )
                guard let found = try await client.found(key, projection: .metadata) else {
                    continue
                }
                let finalizers = found.finalizers.joined(separator: ", ")
                return waiting(
                    context,
                    telling: Wait(
                        on: "\(key) to be gone"
                            + (finalizers.isEmpty ? "" : " (finalizers: \(finalizers))"),
                        releasedBy: finalizers.isEmpty ? nil : "the controllers of \(finalizers)"
                    )
                )
            }
        }
        return .done
    }

    /// Removes the Secrets that bear a credential's label; then nothing of it is left.
    func removeCredentialSecrets(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let works = try await leaving(context)
        for work in works {
            let rendered = try await files.render(work.release())
            let secrets = try await ServiceSecrets(at: work.site)
            try await secrets.remove(labelled: work.marks(of: rendered), context)
        }
        guard let number = credentialNumber(context) else {
            // A look that began before may have written to the consumer since.
            _ = try await takeAway(context)
            return .done(Evidence(facts: [.bindingRemoved]))
        }
        let retiring = try await binding(context)?.status.retiring ?? []
        guard retiring.contains(where: { $0.number == number && $0.job == context.job }) else {
            context.log.info("credential \(number) is kept")
            return .done
        }
        return .done(Evidence(facts: [.credentialRetired(number)]))
    }
}

extension Wait {
    /// The same, with who holds it up where the service is paused.
    fileprivate func held(by service: ServiceInstance) -> Wait {
        guard service.spec.paused else { return self }
        return Wait(
            on: "service \(service.name) to be resumed, and \(on)",
            releasedBy: "whoever resumes the service"
        )
    }
}
