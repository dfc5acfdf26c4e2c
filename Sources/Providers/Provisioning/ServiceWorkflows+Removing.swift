import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

extension ServiceWorkflows {
    /// Names that are listed in one sentence.
    private static let namesMax = 10
    private static let endPart = "service-end"

    /// Waits until nobody is bound to the service any more.
    func awaitUnbound(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let service = try await service(context), !service.bindings.isEmpty else {
            return .done
        }
        let names = service.bindings.prefix(Self.namesMax).map(\.text).joined(separator: ", ")
        return waiting(
            context,
            telling: Wait(
                on: "these bindings to be gone: \(names)",
                releasedBy: "whoever revokes them"
            )
        )
    }

    /// What was delivered of the service and is to be ended; nil where there is nothing.
    private func remains(
        _ context: StepContext
    ) async throws(ProviderFault) -> (service: ServiceInstance, site: ServiceSite)? {
        guard let service = try await service(context), let site = try await site(of: service)
        else { return nil }
        return (service, site)
    }

    /// What Kubernetes does not clean up is rendered, beside everything else.
    func end(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (service, site) = try await remains(context), !site.isLeftBehind,
            let rendered = try await ending(of: service, at: site)
        else { return .done }
        let commit = try await commit(
            [FolderEdit(Self.endPart, rendered.files.below(Self.endPart))],
            at: site,
            saying: "End service \(service.name)",
            context
        )
        return .done(Evidence(["commit": .string(commit)]))
    }

    /// What is rendered for the end; nil where the offering has nothing to say, or nothing was
    /// delivered that could end.
    private func ending(
        of service: ServiceInstance,
        at site: ServiceSite
    ) async throws(ProviderFault) -> ServiceRendering? {
        guard try await !files.files(of: site.files).of("service").isEmpty else { return nil }
        let terms = service.status.live?.terms ?? service.terms
        let rendered = try await files.render(site.spot.release(service, at: terms))
        return rendered.files.of(Self.endPart).isEmpty ? nil : rendered
    }

    /// Waits until all of that is done.
    func awaitEnded(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let commit = context.findings(of: Self.endStep)?["commit"]?.string,
            let (service, site) = try await remains(context), !site.isLeftBehind,
            let rendered = try await ending(of: service, at: site)
        else { return .done }
        if let wait = try await unapplied(commit, at: site) {
            return waiting(context, telling: wait)
        }
        let ends = rendered.files.of(Self.endPart)
        return try await awaiting(
            context,
            try await scene(of: ends, by: rendered.rules, at: site)
        )
    }

    /// The outcome of a step that waits for an end, which nothing but a person ends otherwise.
    func awaiting(
        _ context: StepContext,
        _ scene: FolderScene
    ) async throws(ProviderFault) -> Outcome {
        guard let obstacle = scene.obstacle else { return .done }
        guard scene.readiness.state == .failed, let entry = scene.readiness.obstacle else {
            return waiting(context, telling: Wait(on: obstacle.on, releasedBy: obstacle.releasedBy))
        }
        let told = await scene.quoting(entry.readiness).message
        return .stalled(
            reason: "\(entry.title): \(told) Delete it, so that it is made anew, then retry the job"
        )
    }

    private func withdrawal(_ site: ServiceSite) throws(ProviderFault) -> FolderWithdrawal {
        FolderWithdrawal(
            of: site.direct(noting: records),
            appliedBy: try site.key(),
            through: site.place.host,
            leavingBehind: site.isLeftBehind
        )
    }

    /// Deletes what applies the service; what it applied goes with it.
    func withdraw(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (_, site) = try await remains(context),
            let key = try await withdrawal(site).begin(context)
        else { return .done }
        return .done(Evidence(["connection": .string("\(key)")]))
    }

    /// Waits until what applied the service is gone, and names what holds it up.
    func awaitWithdrawn(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (_, site) = try await remains(context),
            let wait = try await withdrawal(site).rest(context)
        else { return .done }
        return waiting(context, telling: wait)
    }

    /// Removes the service's files.
    func removeFiles(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let service = try await service(context) else { return .done }
        let isPlatform = service.status.namespace == ServiceSpot.platformNamespace
        let place: Offering.Place = isPlatform ? .platform : .tenant
        let folder = ServiceFolder(service.name, of: service.tenant, at: place)
        try await files.remove(folder, for: context.job)
        return .done
    }

    /// Removes the Secrets that bear the service's label: those that Slipway made, and what
    /// operators have left behind.
    func removeSecrets(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (service, site) = try await remains(context), !site.isLeftBehind else {
            return .done
        }
        let secrets = try await ServiceSecrets(at: site)
        var labels = [("slipway.dev/service", service.name.text)]
        // Tenants share that namespace.
        if site.spot.place == .platform {
            labels.append(("slipway.dev/tenant", service.tenantName.text))
        }
        try await secrets.remove(labelled: labels, context)
        return .done
    }

    /// Deletes the namespace that was made for the service, with everything in it.
    func removeNamespace(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (_, site) = try await remains(context),
            let namespace = try await site.namespace(), try await namespace.remove(context)
        else { return .done }
        return .done(Evidence(["namespace": .string(namespace.name)]))
    }

    /// Waits until the namespace is gone, and names what holds it up.
    func awaitNamespaceGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let (_, site) = try await remains(context),
            let wait = try await site.namespace()?.rest()
        else { return .done }
        return waiting(context, telling: wait)
    }

    /// Ends only when nothing is seen outside; what is left is named.
    func look(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        var left: [String] = []
        if let (_, site) = try await remains(context) {
            if let key = try site.key(), try await withdrawal(site).own(key) != nil {
                left.append("\(key)")
            }
            if let namespace = try await site.namespace(), try await namespace.own() != nil {
                left.append("namespace \(namespace.name)")
            }
        }
        guard left.isEmpty else {
            return .stalled(
                reason: "these are still there: \(left.joined(separator: ", ")); remove them, then "
                    + "retry"
            )
        }
        return .done(Evidence(facts: [.serviceRemoved]))
    }
}
