import Blueprints
package import Contract
package import Domain
import Git
import JSON
import Rendering

extension GitOps: ServiceFiles {
    /// The URL under which the management repository is read.
    package var managementURL: String { layout.managementURL }

    /// The offering at those terms.
    package func offering(
        at terms: ServiceTerms,
        for tenant: TenantID
    ) async throws(ProviderFault) -> Offering {
        try await reading(terms, for: try await owner(of: tenant)).blueprint.offering
    }

    /// What the offering comes to, at the commit that the delivery goes by.
    package func render(
        _ release: ServiceRelease
    ) async throws(ProviderFault) -> ServiceRendering {
        let tenant = try await owner(of: release.tenant)
        let reading = try await reading(release.terms, for: tenant)
        let values = OfferingValues(release, of: tenant.name)
        do throws(RenderFault) {
            let rendered = try reading.blueprint.render(
                reading.files,
                plan: release.terms.plan,
                parameters: .object(release.terms.parameters),
                values: values
            )
            return ServiceRendering(
                offering: reading.blueprint.offering,
                instance: values.instance,
                files: rendered.tree.releaseFiles,
                secrets: rendered.secrets,
                outputs: rendered.outputs,
                rules: reading.blueprint.readiness
            )
        } catch {
            throw ProviderFault(error)
        }
    }

    /// What the offering comes to for a credential.
    package func render(
        _ release: CredentialRelease
    ) async throws(ProviderFault) -> CredentialRendering {
        let tenant = try await owner(of: release.service.tenant)
        let reading = try await reading(release.service.terms, for: tenant)
        let offering = reading.blueprint.offering
        guard let offered = offering.binding else {
            throw .refused(reason: "offering \(offering.name) cannot be bound")
        }
        let values = OfferingValues(release.service, of: tenant.name)
        let credential = CredentialValues(
            binding: release.binding.text,
            number: Int(release.number),
            consumerNamespace: release.consumerNamespace,
            secret: release.secret
        )
        do throws(RenderFault) {
            let rendered = try reading.blueprint.render(
                reading.files,
                plan: release.service.terms.plan,
                parameters: .object(release.service.terms.parameters),
                values: values,
                binding: .object(release.parameters),
                credential: credential
            )
            return CredentialRendering(
                offered: offered,
                name: credential.credential(of: values, at: offering.place),
                files: rendered.tree.releaseFiles,
                secrets: rendered.secrets,
                entries: rendered.credentials,
                takesAllOf: rendered.takesAllOf,
                rules: reading.blueprint.readiness
            )
        } catch {
            throw ProviderFault(error)
        }
    }

    /// Makes parts of the service's folder what the edits say.
    package func change(
        _ folder: ServiceFolder,
        _ edits: [FolderEdit],
        saying subject: String,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let tenant = try await owner(of: folder.tenant)
        guard folder.place == .platform else {
            return try await platform(folder, of: tenant).change(edits, subject, for: job).hex
        }
        let path = Self.path(of: folder, of: tenant)
        let changes = try edits.treeEdits(below: path)
        return try await management.commit(subject, tenant.name, job) {
            _,
            folders throws(GitFault) in
            folders.add(changes)
        }.commit.hex
    }

    /// Removes the service's folder.
    package func remove(_ folder: ServiceFolder, for job: JobID) async throws(ProviderFault) {
        let subject = "Remove service \(folder.service)"
        let tenant = try await owner(of: folder.tenant)
        guard folder.place == .platform else {
            return try await platform(folder, of: tenant).remove(subject, for: job)
        }
        _ = try await change(folder, [FolderEdit("", [])], saying: subject, for: job)
    }

    /// The files of the service's folder as they stand now.
    package func files(
        of folder: ServiceFolder
    ) async throws(ProviderFault) -> [RenderedRelease.File] {
        let tenant = try await owner(of: folder.tenant)
        guard folder.place == .platform else {
            return try await platform(folder, of: tenant).files()
        }
        let path = Self.path(of: folder, of: tenant)
        return try await management.look { repository, folders throws(GitFault) in
            guard let head = folders.head else { return [] }
            return try repository.files(below: path, at: head)
        }
    }

    /// Whether the commit named, as Flux (`main@sha1:…`) or Argo CD do, holds the one written.
    package func holds(
        _ commit: String,
        in revision: String,
        of folder: ServiceFolder
    ) async throws(ProviderFault) -> Bool {
        guard folder.place == .platform else {
            return try await holds(commit, in: revision, of: folder.tenant)
        }
        let name = revision.split(separator: ":").last.map(String.init) ?? revision
        guard let wanted = ObjectID(commit), let applied = ObjectID(name) else { return false }
        guard wanted != applied else { return true }
        return try await management.isAncestor(wanted, of: applied)
    }

    private func reading(
        _ terms: ServiceTerms,
        for tenant: Tenant
    ) async throws(ProviderFault) -> OfferingReading {
        try await fromBlueprint(terms.blueprint, at: terms.commit, of: tenant) {
            repository,
            commit throws(GitFault) in
            try OfferingReading.make(of: terms.offering, in: repository, at: commit)
        }
    }

    private static func path(of folder: ServiceFolder, of tenant: Tenant) -> String {
        folder.place == .platform
            ? "services/\(tenant.name)/\(folder.service)" : "services/\(folder.service)"
    }

    private func platform(_ folder: ServiceFolder, of tenant: Tenant) -> PlatformFolder {
        PlatformFolder(
            git: git,
            layout: layout,
            hosts: hosts,
            tenant: tenant,
            path: Self.path(of: folder, of: tenant),
            trailers: [("Slipway-Service", folder.service.text)],
            now: now
        )
    }
}

extension RenderedTree {
    /// The files as they are delivered.
    fileprivate var releaseFiles: [RenderedRelease.File] {
        contents.map { RenderedRelease.File(path: $0.path, bytes: $0.bytes) }
    }
}

extension OfferingValues {
    fileprivate init(_ release: ServiceRelease, of tenant: TenantName) {
        self.init(
            tenant: tenant.text,
            cluster: release.cluster.text,
            endpoint: release.endpoint,
            namespace: release.namespace,
            service: release.service.text,
            host: release.host
        )
        environment = release.environment?.text ?? ""
        deployment = Int(release.number)
    }
}
