import Domain
import Git
import JSON
import Storage

/// What is delivered for an environment or a service, as it stands in the tenant's repository.
struct DeliveredFiles: Sendable {
    /// The branches of which the first that is there is what was applied: the one of a repository
    /// on a forge as it was pushed, else our own.
    private static let branches = [Repository.tracking("main"), "refs/heads/main"]
    /// The step of a roll-out that commits its files.
    private static let step = "deliver"

    /// The commit, in hexadecimal digits.
    let commit: String
    /// The files by their paths below the folder.
    let files: [String: [UInt8]]

    /// The files at the commit of the live roll-out, or where nobody knows it any more at the
    /// newest; nil where there are none.
    static func read(
        of environment: Environment,
        _ call: Invocation
    ) async throws -> DeliveredFiles? {
        try await read(
            "environments/\(environment.name)",
            of: environment.tenantName,
            at: try await commit(of: environment, call),
            call
        )
    }

    /// The files of `service/` at the commit of the live delivery, or before there is any at the
    /// newest; nil where there are none.
    static func read(
        of service: ServiceInstance,
        _ call: Invocation
    ) async throws -> DeliveredFiles? {
        try await read(
            "services/\(service.name)/service",
            of: service.tenantName,
            at: service.status.live?.revision.flatMap { ObjectID($0) },
            call
        )
    }

    private static func read(
        _ path: String,
        of tenant: TenantName,
        at known: ObjectID?,
        _ call: Invocation
    ) async throws -> DeliveredFiles? {
        let folder = call.services.git.folder(.tenant(tenant.text), "platform")
        guard let folder else { return nil }
        let path = try RepositoryPath(parsing: path)
        do throws(GitFault) {
            return try await call.services.git.service.open(folder) {
                (repository) throws(GitFault) -> DeliveredFiles? in
                var commit = known
                for branch in branches where commit == nil {
                    commit = try repository.commit(named: branch)
                }
                guard let commit else { return nil }
                let files = try repository.files(in: path, of: commit)
                return files.isEmpty ? nil : DeliveredFiles(commit: commit.hex, files: files)
            }
        } catch .notFound {
            return nil
        }
    }

    /// What the roll-out that is live has committed, or the one under way before there is any.
    private static func commit(
        of environment: Environment,
        _ call: Invocation
    ) async throws -> ObjectID? {
        let rollOut = environment.status.live ?? environment.status.coming
        if let commit = rollOut?.commit.flatMap({ ObjectID($0) }) { return commit }
        guard let id = rollOut?.job else { return nil }
        // Whoever may see the environment may know what its job has found.
        let job = try await call.services.storage.jobs.find(id, as: .system)
        let evidence = job?.steps.first { $0.name == step }?.evidence
        // What is no object names no commit.
        let text = evidence.flatMap { try? JSON.parse($0) }?["commit"]?.string
        return text.flatMap { ObjectID($0) }
    }
}
