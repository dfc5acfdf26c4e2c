import Domain
import Git
import HTTP
import JSON
import Storage
import YAML

/// What is delivered for an environment, as it stands in the tenant's repository.
struct GetEnvironmentManifests: Operation {
    static let endpoint = Endpoint.reading(
        "getEnvironmentManifests",
        "/v1/tenants/{tenant}/environments/{environment}/manifests",
        .readEnvironments
    )
    /// The step of a roll-out that commits its files.
    private static let step = "deliver"

    private let tenant: TenantName
    private let name: EnvironmentName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.environments.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let environment = try found?.environment() else { throw Problem.notFound }
        let known = try await commit(of: environment, call)
        guard let delivered = try await read(at: known, call) else {
            throw Problem(
                .stateConflict,
                "Nothing is delivered for the environment yet; its job says what it waits for."
            )
        }
        let manifests = Manifests(delivered.files)
        guard MediaType.json.isAskedFor(by: call.request.headers) else {
            return .document(
                manifests.yaml(of: delivered.commit),
                contentType: MediaType.yaml.essence
            )
        }
        return .json(.ok, manifests.json(of: delivered.commit))
    }

    /// The files at that commit, or where nobody knows it any more at the newest.
    private func read(at known: ObjectID?, _ call: Invocation) async throws -> Delivered? {
        guard let folder = call.services.git.folder(.tenant(tenant.text), "platform") else {
            return nil
        }
        let path = try RepositoryPath(parsing: "environments/\(name)")
        do throws(GitFault) {
            return try await call.services.git.service.open(folder) {
                (repository) throws(GitFault) -> Delivered? in
                let newest = try repository.commit(named: Self.branch)
                guard let commit = known ?? newest else { return nil }
                let files = try repository.files(in: path, of: commit)
                return files.isEmpty ? nil : Delivered(commit: commit.hex, files: files)
            }
        } catch .notFound {
            return nil
        }
    }

    private struct Delivered: Sendable {
        let commit: String
        let files: [String: [UInt8]]
    }

    /// The branch that is applied.
    private static let branch = "refs/heads/main"

    /// What the roll-out that is live has committed, or the one under way before there is any.
    private func commit(
        of environment: Environment,
        _ call: Invocation
    ) async throws -> ObjectID? {
        let rollOut = environment.status.live ?? environment.status.coming
        guard let id = rollOut?.job else { return nil }
        // Whoever may see the environment may know what its job has found.
        let job = try await call.services.storage.jobs.find(id, as: .system)
        let evidence = job?.steps.first { $0.name == Self.step }?.evidence
        // What is no object names no commit.
        let text = evidence.flatMap { try? JSON.parse($0) }?["commit"]?.string
        return text.flatMap { ObjectID($0) }
    }
}

/// The objects in the files of an environment, without what is secret.
struct Manifests {
    private static let extensions = [".yaml", ".yml", ".json"]

    let files: [String]
    let items: [JSON]

    init(_ files: [String: [UInt8]]) {
        let names = files.keys.sorted()
        self.files = names
        items = names.filter { name in Self.extensions.contains(where: name.hasSuffix) }
            .flatMap { name in
                // What is no manifest, such as a patch with its own format, is only listed.
                (try? YAML.documents(files[name] ?? [])) ?? []
            }
            .map(\.value)
            .filter { $0["kind"]?.string != nil && $0["apiVersion"]?.string != nil }
            .map(Self.hiding)
    }

    /// Secrets keep the names of their values alone, also within lists; what Secrets are generated
    /// from is not shown at all.
    private static func hiding(_ manifest: JSON) -> JSON {
        guard var object = manifest.object else { return manifest }
        if let items = object["items"]?.array { object["items"] = .array(items.map(hiding)) }
        if object["secretGenerator"] != nil { object["secretGenerator"] = "(hidden)" }
        guard manifest["kind"]?.string == "Secret" else { return .object(object) }
        for member in ["data", "stringData"] {
            guard var values = object[member]?.object else { continue }
            values.changeValues { _, _ in "(hidden)" }
            object[member] = .object(values)
        }
        return .object(object)
    }

    func yaml(of commit: String) -> [UInt8] {
        Array("# Commit \(commit)\n".utf8) + YAML.text(items)
    }

    func json(of commit: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 8_192)
        writer.object { writer in
            writer.member("commit", commit)
            writer.key("items")
            writer.array(items) { $0.value($1) }
            writer.key("files")
            writer.array(files) { $0.string($1) }
        }
        return writer.finish()
    }
}
