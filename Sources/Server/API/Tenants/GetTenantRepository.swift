import Domain
import Git
import HTTP
import JSON
import Storage

/// The platform repository of a tenant.
struct GetTenantRepository: Operation {
    static let endpoint = Endpoint.reading(
        "getTenantRepository",
        "/v1/tenants/{tenant}/repository",
        .readTenant
    )

    private let name: TenantName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("tenant")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let stored = try await storage.tenants.find(name, as: call.access) else {
            throw Problem.notFound
        }
        let tenant = try stored.tenant()
        let choice = tenant.spec.blueprint
        var wanted = choice.version
        if wanted == nil {
            let blueprint = try await storage.blueprints.find(tenant.blueprint, as: .system)
            wanted = try blueprint?.blueprint().status.defaultVersion
        }
        let head = try await head(of: tenant, call)
        let view = RepositoryView(
            tenant: tenant,
            wanted: wanted,
            head: head,
            base: call.baseURL
        )
        // The tip moves with every push, which the tenant's revision does not count.
        let tag = "\(stored.revision)-\(head?.prefix(12) ?? "0")-\(wanted ?? "0")"
        var answer = Answer.json(.ok, view.bytes)
        answer.tag = tag
        return answer
    }

    /// The tip of the branch; nil where there is no repository yet.
    private func head(of tenant: Tenant, _ call: Invocation) async throws -> String? {
        guard let repository = tenant.repository,
            let folder = call.services.git.folder(.tenant(name.text), repository.name)
        else { return nil }
        // What the forge had when it was last seen, without what is not pushed yet.
        let branch =
            tenant.spec.repository == nil
            ? "refs/heads/\(repository.branch)" : Repository.tracking(repository.branch)
        do {
            return try await call.services.git.service.open(folder) {
                (repository) throws(GitFault) in
                try repository.commit(named: branch)?.hex
            }
        } catch GitFault.notFound {
            return nil
        }
    }
}

/// How the API shows a platform repository.
private struct RepositoryView {
    let tenant: Tenant
    /// The version that the tenant should stand at.
    let wanted: String?
    let head: String?
    /// Where callers reach this server.
    let base: String

    private var repositoryName: String { tenant.repository?.name ?? "platform" }

    var bytes: [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        writer.resource(
            id: tenant.id.bytes,
            name: repositoryName,
            generation: tenant.generation,
            createdAt: tenant.createdAt,
            updatedAt: tenant.updatedAt,
            labels: tenant.labels.write,
            spec: spec,
            status: status
        )
        return writer.finish()
    }

    private func spec(_ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", tenant.name.text)
            writer.member("blueprint", tenant.spec.blueprint.name.text)
            writer.member("version", orNull: wanted)
            writer.member(
                "parameters",
                .object(tenant.repository?.parameters ?? tenant.spec.parameters)
            )
        }
    }

    private func status(_ writer: inout JSONWriter) {
        let repository = tenant.repository
        writer.object { writer in
            writer.member("phase", repository == nil ? "pending" : "ready")
            writer.key("conditions")
            writer.array(tenant.status.conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", tenant.status.observedGeneration)
            if let address = repository?.address {
                writer.member("cloneUrl", address.cloneURL)
                writer.member("webUrl", address.webURL)
            } else {
                writer.member("cloneUrl", "\(base)/git/\(tenant.name)/\(repositoryName).git")
            }
            writer.member("branch", repository?.branch ?? "main")
            writer.member("head", orNull: head)
            writer.member("base", orNull: repository?.baseCommit)
            writer.member("version", orNull: repository?.blueprintVersion)
            writer.member("behind", isBehind)
        }
    }

    private var isBehind: Bool {
        guard let standing = tenant.repository?.blueprintVersion, let wanted else { return false }
        return standing != wanted
    }
}
