import Blueprints
package import Contract
package import Domain
import Git
import JSON
import Rendering

extension GitOps: EnvironmentFiles {
    /// What the template of the roll-out comes to, at the commit that the roll-out goes by.
    package func render(
        _ release: EnvironmentRelease
    ) async throws(ProviderFault) -> RenderedRelease {
        let tenant = try await owner(of: release.tenant)
        let values = EnvironmentValues(release, of: tenant.name)
        let rendering = try await fromBlueprint(release.blueprint, at: release.commit, of: tenant) {
            repository,
            commit throws(GitFault) in
            try EnvironmentRendering.make(
                in: repository,
                at: commit,
                template: release.content.template.text,
                parameters: .object(release.content.parameters),
                values: values
            )
        }
        return RenderedRelease(rendering)
    }

    /// What is made from a commit of a blueprint, in its mirror or in the tenant's fork.
    ///
    /// The fork keeps the history that it was forked with, also where the mirror does not.
    func fromBlueprint<Value: Sendable>(
        _ blueprint: BlueprintName,
        at commit: String,
        of tenant: Tenant,
        _ make:
            @escaping @Sendable (
                borrowing Repository, ObjectID
            ) throws(GitFault) -> Result<Value, RenderFault>
    ) async throws(ProviderFault) -> Value {
        guard let id = ObjectID(commit) else {
            throw .refused(reason: "the blueprint's commit \(commit) is none")
        }
        let sources = [layout.mirror(of: blueprint), layout.platform(of: tenant.name)]
        var last = ProviderFault.refused(reason: "no repository holds the blueprint")
        for source in sources {
            do throws(ProviderFault) {
                let result = try await asking { () async throws(GitFault) in
                    try await git.open(source) { repository throws(GitFault) in
                        try make(repository, id)
                    }
                }
                switch result {
                case .success(let value): return value
                case .failure(let fault): throw ProviderFault(fault)
                }
            } catch .refused(let reason) {
                if source == sources[0] { last = .refused(reason: reason) }
            }
        }
        throw last
    }

    /// Makes the environment's folder in the tenant's platform repository hold exactly those files.
    package func write(
        _ rendered: RenderedRelease,
        of release: EnvironmentRelease,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let folder = try await folder(of: release.environment, release.tenant)
        let subject =
            "Roll out \(release.number) of environment \(release.environment)"
            + (rendered.stage.map { ": \($0)" } ?? "")
        return try await folder.change([FolderEdit("", rendered.files)], subject, for: job).hex
    }

    /// The files of the environment's folder as a commit of the platform repository has them.
    package func files(
        of environment: EnvironmentName,
        at commit: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [RenderedRelease.File] {
        let files = try await folder(of: environment, tenant).files(at: commit)
        guard !files.isEmpty else {
            throw .refused(
                reason: "the platform repository holds no files of the environment at \(commit)"
            )
        }
        return files
    }

    /// Removes the environment's folder from the tenant's platform repository.
    package func remove(
        _ environment: EnvironmentName,
        of tenant: TenantID,
        for job: JobID
    ) async throws(ProviderFault) {
        try await folder(of: environment, tenant)
            .remove("Remove environment \(environment)", for: job)
    }

    /// Whether the commit named, as Flux (`main@sha1:…`) or Argo CD do, holds the one written.
    package func holds(
        _ commit: String,
        in revision: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Bool {
        let name = revision.split(separator: ":").last.map(String.init) ?? revision
        guard let wanted = ObjectID(commit), let applied = ObjectID(name) else { return false }
        guard wanted != applied else { return true }
        let owner = try await owner(of: tenant)
        let repository = layout.platform(of: owner.name)
        do throws(GitFault) {
            return try await git.open(repository) { repository throws(GitFault) in
                guard repository.holds(applied) else { throw .notFound("the commit \(applied)") }
                return try repository.isAncestor(wanted, of: applied)
            }
        } catch .notFound {
            // Somebody may have pushed to the forge since.
            guard let copy = try await RemoteCopy(of: owner, at: repository, git, hosts) else {
                return false
            }
            try await copy.refresh()
            return try await copy.holds(wanted, behind: applied)
        } catch {
            throw ProviderFault(error)
        }
    }

    /// The tenant's services and environments go first: each says what it leaves behind, and where.
    func removeEnvironments(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        .done(Evidence(facts: [.removeServices, .removeEnvironments]))
    }

    /// Waits until no service and no environment is left.
    func awaitEnvironmentsGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.tenant else { return .done }
        let services = try await records.services(of: id).map(\.text).sorted()
        guard services.isEmpty else { return waiting(context, forEnd: "services", services) }
        let left = try await records.environments(of: id).map(\.text).sorted()
        return left.isEmpty ? .done : waiting(context, forEnd: "environments", left)
    }

    private func folder(
        of environment: EnvironmentName,
        _ tenant: TenantID
    ) async throws(ProviderFault) -> PlatformFolder {
        PlatformFolder(
            git: git,
            layout: layout,
            hosts: hosts,
            tenant: try await owner(of: tenant),
            path: "environments/\(environment)",
            trailers: [("Slipway-Environment", environment.text)],
            now: now
        )
    }

    func owner(of tenant: TenantID) async throws(ProviderFault) -> Tenant {
        guard let found = try await records.tenant(tenant) else {
            throw .refused(reason: "the tenant is gone; cancel the job")
        }
        return found
    }
}

extension RenderedRelease {
    fileprivate init(_ rendering: EnvironmentRendering) {
        self.init(
            files: rendering.files.compactMap { file in
                guard case .bytes(let bytes) = file.content else { return nil }
                return File(
                    path: file.path,
                    isExecutable: file.mode == .executable,
                    bytes: bytes
                )
            },
            url: rendering.url,
            outputs: Dictionary(rendering.outputs.map { ($0.name, $0.value) }) { first, _ in first
            },
            rollout: rendering.rollout
        )
    }
}

extension EnvironmentValues {
    fileprivate init(_ release: EnvironmentRelease, of tenant: TenantName) {
        self.init(
            environment: release.environment.text,
            type: release.type.rawValue,
            tenant: tenant.text,
            cluster: release.cluster.text,
            namespace: release.namespace,
            host: release.host
        )
        let source = release.content.source
        service = release.service?.text ?? ""
        revision = source?.revision ?? ""
        ref = source?.ref ?? ""
        pullRequest = source?.pullRequest.map(String.init) ?? ""
        deployment = Int(release.number)
        dependencies = release.values
        for image in release.content.images.all { images[image.name] = image.reference }
    }
}
