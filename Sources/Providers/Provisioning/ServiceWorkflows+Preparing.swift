import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

extension ServiceWorkflows {
    /// Decides where the service is.
    func resolve(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let delivery = try delivery(context)
        guard let service = try await service(context),
            service.status.coming?.number == delivery.number, service.status.phase != .deleting
        else { return .done(Evidence(["idle": true])) }
        let begun = StepFact.serviceBegun(delivery.number)
        guard let tenant = try await records.tenant(service.tenant) else {
            throw .refused(reason: "the tenant is gone")
        }
        if tenant.spec.suspended {
            return waiting(
                context,
                for: Wait(
                    on: "tenant \(tenant.name) to be resumed",
                    releasedBy: "whoever resumes the tenant",
                    facts: [begun]
                )
            )
        }
        let offering = try await files.offering(at: delivery.terms, for: tenant.id)
        let owner = try await owner(of: service)
        if let wait = owner.wait {
            return waiting(context, for: Wait(on: wait.on, releasedBy: wait.releasedBy))
        }
        guard let name = owner.cluster,
            let cluster = try await records.cluster(name, of: tenant.id)
        else { throw .refused(reason: "the cluster of the service is gone") }
        if let hold = cluster.hold { return waiting(context, for: hold) }
        if let obstacle = try cluster.obstacle() { throw obstacle }
        guard tenant.repository != nil else {
            throw .away(
                reason: "tenant \(tenant.name) has no platform repository yet",
                releasedBy: "the tenant's own job",
                retryAfter: .zero
            )
        }
        let spot = ServiceSpot(
            cluster: cluster,
            namespace: owner.namespace(of: service, in: cluster, at: offering.place),
            host: host(of: service),
            number: delivery.number,
            place: offering.place
        )
        return .done(
            Evidence(
                spot.findings,
                facts: [
                    begun, .servicePlaced(cluster: spot.cluster, namespace: spot.namespace),
                ]
            )
        )
    }

    /// Where the one is whom a service belongs to.
    private struct Owner {
        var cluster: ClusterName?
        /// The namespace of the environment; nil for a tenant.
        var namespace: String?
        /// What is not there yet.
        var wait: Wait?

        func namespace(
            of service: ServiceInstance,
            in cluster: Cluster,
            at place: Offering.Place
        ) -> String {
            if place == .platform { return ServiceSpot.platformNamespace }
            if cluster.spec.kind == .namespace { return cluster.slug.namespace }
            return namespace ?? "s-\(service.name)"
        }
    }

    private func owner(of service: ServiceInstance) async throws(ProviderFault) -> Owner {
        guard let name = service.spec.environment else {
            return Owner(cluster: service.spec.cluster ?? Cluster.nameFirst)
        }
        guard let found = try await records.environment(name, of: service.tenantName) else {
            throw .refused(reason: "environment \(name) is gone")
        }
        guard let cluster = found.status.cluster, let namespace = found.status.namespace else {
            return Owner(
                wait: Wait(
                    on: "environment \(name) to have its place",
                    releasedBy: "what the environment's own status says that it waits on"
                )
            )
        }
        return Owner(cluster: cluster, namespace: namespace)
    }

    /// Makes the namespace, or finds it made.
    func place(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let offering = try await files.offering(at: work.terms, for: work.service.tenant)
        let name = work.site.spot.namespace
        if let namespace = try await work.site.namespace() {
            let security = NamespaceFence.Security(rawValue: offering.podSecurity.rawValue)
            let wait = try await namespace.make(
                security: security ?? .restricted,
                adopting: work.service.spec.adopt,
                context
            )
            if let wait { return waiting(context, telling: wait) }
        } else if work.site.spot.place == .platform {
            try await makePlatformNamespace(through: try await work.site.client(), context)
        } else {
            let client = try await work.site.client()
            guard let found = try await client.found(.namespace(name), projection: .metadata),
                !found.isDeleting
            else {
                return waiting(
                    context,
                    telling: Wait(
                        on: "namespace \(name) to be there",
                        releasedBy: "the roll-out of the environment that has it"
                    )
                )
            }
        }
        let message = "It is in namespace \(name) of cluster \(work.site.spot.cluster)."
        return .done(Evidence(facts: [Self.condition("Placed", .true, "Placed", message)]))
    }

    private func makePlatformNamespace(
        through client: KubernetesClient,
        _ context: StepContext
    ) async throws(ProviderFault) {
        let name = ServiceSpot.platformNamespace
        guard try await client.found(.namespace(name), projection: .metadata) == nil else { return }
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.apply(
                [
                    "apiVersion": "v1", "kind": "Namespace",
                    "metadata": [
                        "name": .string(name),
                        "labels": [
                            "app.kubernetes.io/managed-by": "slipway",
                            "pod-security.kubernetes.io/enforce": "restricted",
                        ],
                    ],
                ],
                force: true
            )
        }
    }

    /// Looks up what the cluster must know, and makes the Secrets that must be there before.
    func prepare(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let rendered = try await files.render(work.release)
        let documents = try FolderDocument.all(in: rendered.files)
        try await check(documents, requiring: rendered.offering.requires, at: work.site)
        if !work.service.spec.adopt { try await refuseForeign(documents, at: work.site) }
        let secrets = try await ServiceSecrets(at: work.site)
        let lack = try await secrets.put(rendered.secrets, labelled: work.site.labels, context)
        if let lack { return waiting(context, telling: lack) }
        return .done
    }

    /// That the cluster serves every kind, every object says where it goes, and in a namespace of
    /// the management cluster its account may apply them.
    ///
    /// - Throws: `.refused` with the names of all kinds that are missing, or not allowed.
    func check(
        _ documents: [FolderDocument],
        requiring required: [ManifestKind],
        at site: ServiceSite
    ) async throws(ProviderFault) {
        let client = try await site.client()
        var missing: Set<String> = []
        var applied: Set<APIResource> = []
        for kind in required {
            let asked = GroupKind(group: kind.group, kind: kind.kind)
            if try await resource(asked, kind.version, client) == nil { missing.insert("\(kind)") }
        }
        for document in documents {
            guard let resource = try await resource(document.kind, document.version, client) else {
                let version =
                    document.kind.group.isEmpty
                    ? document.version : "\(document.kind.group)/\(document.version)"
                missing.insert("\(version)/\(document.kind.kind)")
                continue
            }
            guard !resource.isNamespaced || document.namespace != nil else {
                throw .refused(
                    reason: "\(document.path): \(document.kind.kind)/\(document.name) names no "
                        + "namespace; the offering must say `namespace: \"${NAMESPACE}\"`"
                )
            }
            applied.insert(resource)
        }
        try await checkRights(to: applied, at: site)
        guard missing.isEmpty else {
            let names = missing.sorted().joined(separator: ", ")
            throw .refused(
                reason: "cluster \(site.spot.cluster) does not serve \(names); whoever runs it "
                    + "installs the operators that bring them, then order anew"
            )
        }
    }

    /// That the accounts there may apply those kinds; a no is final, so it is asked for twice.
    private func checkRights(
        to resources: Set<APIResource>,
        at site: ServiceSite
    ) async throws(ProviderFault) {
        guard let known = try await site.rights(), !resources.allSatisfy(known.allowsApplying),
            let rights = try await site.rights(anew: true)
        else { return }
        let refused = resources.filter { !rights.allowsApplying($0) }
        guard !refused.isEmpty else { return }
        let kinds = refused.map { "\($0.apiVersion)/\($0.kind.kind)" }
        let names = kinds.sorted().joined(separator: ", ")
        throw .refused(
            reason: "the accounts of namespace \(site.spot.namespace) may not apply \(names); "
                + "whoever runs the management cluster may give them, network policies and kinds "
                + "of the whole cluster aside, by a ClusterRole with the label "
                + "\(ClusterRole.aggregateLabel); then order anew"
        )
    }

    private func resource(
        _ kind: GroupKind,
        _ version: String,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> APIResource? {
        do throws(KubernetesFault) {
            return try await client.resource(for: kind, version: version)
        } catch {
            switch error {
            case .noSuchKind, .versionNotServed: return nil
            default: throw error.providerFault
            }
        }
    }

    /// That nothing is there already that was not made for the service.
    func refuseForeign(
        _ documents: [FolderDocument],
        at site: ServiceSite
    ) async throws(ProviderFault) {
        // Slipway's own way looks by itself.
        guard !site.place.isDirect else { return }
        let client = try await site.client()
        let own = Set(try await site.reading().inventory.map { ObjectKey($0) })
        for document in documents {
            let key = ObjectKey(
                document.kind,
                namespace: document.namespace,
                name: document.name
            )
            guard !own.contains(key),
                let found = try await client.found(key, projection: .metadata),
                found.labels[site.folder.label] != site.folder.name
            else { continue }
            throw .refused(
                reason: "\(key) is there and was not made for this service; remove it, or order "
                    + "the service with `adopt`"
            )
        }
    }
}
