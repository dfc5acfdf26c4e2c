import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes
import Readiness

/// Everything that one step of a delivery works with.
struct ServiceWork: Sendable {
    let number: Int64
    let terms: ServiceTerms
    let site: ServiceSite

    var service: ServiceInstance { site.service }
    var release: ServiceRelease { site.spot.release(service, at: terms) }
}

extension ServiceWorkflows {
    /// The service of the job as it is wanted now; nil where it is gone.
    func service(_ context: StepContext) async throws(ProviderFault) -> ServiceInstance? {
        guard let id = context.subject.id else { return nil }
        return try await records.service(id.cast())
    }

    /// The delivery that the job is for.
    func delivery(_ context: StepContext) throws(ProviderFault) -> ServiceDelivery {
        let document = context.desired["delivery"] ?? .null
        // What cannot be read says nothing.
        guard let delivery = try? ServiceDelivery(reading: document) else {
            throw .refused(reason: "the job says nothing that can be done; cancel and try anew")
        }
        return delivery
    }

    /// What this step works with; nil where the delivery has come to its end already, or something
    /// newer is wanted, for which there is a job of its own.
    func work(_ context: StepContext) async throws(ProviderFault) -> ServiceWork? {
        let delivery = try delivery(context)
        guard let spot = try ServiceSpot(reading: context.findings(of: Self.resolveStep)),
            let service = try await service(context),
            service.status.coming?.number == delivery.number, service.status.phase != .deleting
        else {
            context.log.info("nothing is left to do for this delivery")
            return nil
        }
        let site = try await site(of: service, at: spot)
        return ServiceWork(number: delivery.number, terms: delivery.terms, site: site)
    }

    /// The ways to a service.
    ///
    /// - Throws: `.refused` where its cluster is gone.
    func site(
        of service: ServiceInstance,
        at spot: ServiceSpot
    ) async throws(ProviderFault) -> ServiceSite {
        guard let cluster = try await records.cluster(spot.cluster, of: service.tenant) else {
            throw .refused(reason: "the cluster \(spot.cluster) is gone")
        }
        return ServiceSite(
            service: service,
            spot: spot,
            place: try await places.place(of: cluster),
            managementURL: files.managementURL
        )
    }

    /// The ways to a service that was delivered, as it stands now; nil where nothing of it was ever
    /// placed, or its cluster is gone.
    func site(of service: ServiceInstance) async throws(ProviderFault) -> ServiceSite? {
        guard let name = service.status.cluster, let namespace = service.status.namespace,
            let cluster = try await records.cluster(name, of: service.tenant)
        else { return nil }
        let isPlatform = namespace == ServiceSpot.platformNamespace
        let spot = ServiceSpot(
            cluster: cluster,
            namespace: namespace,
            host: host(of: service),
            number: service.status.live?.number ?? max(1, service.status.deliveries),
            place: isPlatform ? .platform : .tenant
        )
        return ServiceSite(
            service: service,
            spot: spot,
            place: try await places.place(of: cluster),
            managementURL: files.managementURL
        )
    }

    /// A host name at which a service may answer.
    func host(of service: ServiceInstance) -> String {
        "s-\(service.name).\(service.tenantName).\(domain)"
    }

    /// Commits what the edits say and has it applied; nil where there is nothing to say.
    func commit(
        _ edits: [FolderEdit],
        at site: ServiceSite,
        saying subject: String,
        suspended isSuspended: Bool = false,
        adopting: Bool = false,
        _ context: StepContext
    ) async throws(ProviderFault) -> String {
        try context.continueOrStop()
        let commit = try await files.change(site.files, edits, saying: subject, for: context.job)
        try context.continueOrStop()
        guard !site.place.isDirect else {
            let all = try await files.files(of: site.files)
            try await site.direct(noting: records).apply(all, adopting: adopting, context)
            context.log.info("committed \(commit), and applied it")
            return commit
        }
        let connection = try site.connection(suspended: isSuspended)
        try await asking { () async throws(KubernetesFault) in
            _ = try await site.place.host.apply(
                connection.object.object ?? JSONObject(),
                force: true
            )
        }
        await site.nudge(at: clock())
        context.log.info("committed \(commit)")
        return commit
    }

    /// What still keeps a commit from being applied; nil once it is.
    ///
    /// - Throws: `.refused` where what is in Git cannot be applied as it is.
    func unapplied(
        _ commit: String,
        at site: ServiceSite
    ) async throws(ProviderFault) -> Wait? {
        // What Slipway applies by itself is applied before its commit is told.
        if site.place.isDirect { return nil }
        let reading = try await site.reading()
        if let revision = reading.revision,
            try await files.holds(commit, in: revision, of: site.files)
        {
            return nil
        }
        let on = "\(reading.name) to apply commit \(commit.prefix(12))"
        guard let fault = reading.fault else { return Wait(on: on) }
        // What failed before the engine had read the commit says nothing about it.
        if fault.isFinal, let attempted = reading.attempted,
            try await files.holds(commit, in: attempted, of: site.files)
        {
            throw .refused(reason: fault.message)
        }
        return Wait(on: "\(on): \(fault.message)", releasedBy: fault.releasedBy)
    }

    /// How far the objects of those files have come, and whether Secrets of those names are there.
    func scene(
        of files: [RenderedRelease.File],
        and secrets: [String] = [],
        by rules: [ReadinessRule],
        at site: ServiceSite
    ) async throws(ProviderFault) -> FolderScene {
        var wanted = try FolderDocument.all(in: files).map { document in
            FolderReading.Applied(
                group: document.kind.group,
                kind: document.kind.kind,
                namespace: document.namespace,
                name: document.name
            )
        }
        wanted += secrets.map { name in
            FolderReading.Applied(
                group: "",
                kind: "Secret",
                namespace: site.spot.namespace,
                name: name
            )
        }
        return try await FolderScene(
            of: wanted,
            in: site.spot.namespace,
            through: try await site.client(),
            by: rules
        )
    }
}

extension [RenderedRelease.File] {
    /// Those of one part of an offering, with their paths as they are.
    func of(_ part: String) -> [RenderedRelease.File] {
        filter { $0.path.text.hasPrefix(part + "/") }
    }

    /// Those of a part, by their paths below it.
    func below(_ part: String) -> [RenderedRelease.File] {
        of(part).compactMap { file in
            // A path below a folder is one without it as well.
            (try? RepositoryPath(parsing: String(file.path.text.dropFirst(part.utf8.count + 1))))
                .map { RenderedRelease.File(path: $0, bytes: file.bytes) }
        }
    }
}
