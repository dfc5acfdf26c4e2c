import Blueprints
import Domain
import Git
import HTTP
import JSON
import Storage

/// What a fork with given parameters would hold.
///
/// Writes nothing.
struct RenderBlueprintVersion: Operation {
    static let endpoint = Endpoint(
        "renderBlueprintVersion",
        .post,
        "/v1/blueprints/{blueprint}/versions/{version}/render",
        for: .permitted(.readBlueprints),
        body: .json
    )

    private let blueprint: BlueprintName
    private let version: String
    private let tenant: String
    private let parameters: JSONObject

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        version = inputs.path("version")
        (tenant, parameters) = try inputs.read { reader in
            let tenant: TenantName? = reader.optional("tenant", Reading.name)
            let parameters = reader.optional("parameters", Reading.object)
            return (tenant?.text ?? "example", parameters ?? JSONObject())
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.versions.find(
            version,
            of: blueprint,
            as: call.access
        )
        guard let found, let commit = ObjectID(found.commit),
            let folder = call.services.git.folder(.blueprints, blueprint.text)
        else { throw Problem.notFound }
        let builtIns = BuiltIns(
            tenant: tenant,
            clusterName: tenant,
            repositoryURL: "\(call.baseURL)/git/\(tenant)/platform.git",
            blueprint: blueprint.text,
            version: version
        )
        let parameters = JSON.object(parameters)
        let result = try await call.services.git.service.open(folder) {
            (repository) throws(GitFault) in
            try BlueprintRendering.run(repository, commit, parameters, builtIns)
        }
        switch result {
        case .success(let tree):
            return .json(.ok, RenderingView(found, of: blueprint, tree).bytes)
        case .failure(let fault): throw Problem(rendering: fault)
        }
    }
}

/// Reads a version out of its repository and renders it, on a thread of the Git pool.
private enum BlueprintRendering {
    static func run(
        _ repository: borrowing Repository,
        _ commit: ObjectID,
        _ parameters: JSON,
        _ builtIns: BuiltIns
    ) throws(GitFault) -> Result<RenderedTree, RenderFault> {
        let path: RepositoryPath
        do {
            path = try RepositoryPath(parsing: BlueprintManifest.path)
        } catch {
            preconditionFailure("the manifest's own path is a path")
        }
        guard let text = try repository.file(path, of: commit) else {
            throw .notFound(BlueprintManifest.path)
        }
        let manifest: BlueprintManifest
        do {
            manifest = try BlueprintManifest(parsing: text)
        } catch {
            return .failure(error)
        }
        let snapshot = try repository.snapshot(of: commit) {
            manifest.takesSubstitution($0.text)
        }
        let files = snapshot.map { file in
            BlueprintFile(
                path: file.path,
                mode: file.mode.octal,
                identity: file.id.hex,
                content: file.content
            )
        }
        let template = BlueprintTemplate(manifest: manifest, files: files)
        do {
            return .success(try template.render(parameters: parameters, builtIns: builtIns))
        } catch {
            return .failure(error)
        }
    }
}

extension FileMode {
    fileprivate var octal: String {
        switch self {
        case .regular: "100644"
        case .executable: "100755"
        case .symbolicLink: RenderedFile.linkMode
        }
    }
}

/// How the API shows a rendering.
private struct RenderingView {
    private let version: BlueprintVersion
    private let blueprint: BlueprintName
    private let tree: RenderedTree

    init(_ version: BlueprintVersion, of blueprint: BlueprintName, _ tree: RenderedTree) {
        self.version = version
        self.blueprint = blueprint
        self.tree = tree
    }

    var bytes: [UInt8] {
        var writer = JSONWriter(reserving: 16_384)
        writer.beginObject()
        writer.member("blueprint", blueprint.text)
        writer.member("version", version.version)
        writer.member("commit", version.commit)
        writer.member("parameters", tree.parameters)
        writer.key("files")
        writer.array(tree.files, Self.write)
        writer.key("removed")
        writer.array(tree.removed) { $0.string($1.text) }
        writer.member("diff", tree.changes().compactMap(\.difference?.text).joined())
        writer.endObject()
        return writer.finish()
    }

    private static func write(_ writer: inout JSONWriter, _ file: RenderedFile) {
        writer.object { writer in
            writer.member("path", file.path.text)
            writer.member("source", file.source.text)
            writer.member("mode", file.mode)
            switch file.content {
            case .unchanged:
                writer.member("isRendered", false)
                writer.member("content", orNull: nil as String?)
            case .rendered(let bytes):
                writer.member("isRendered", true)
                writer.member("content", String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

extension Problem {
    /// Every finding of a rendering, at its parameter or its file.
    fileprivate init(rendering fault: RenderFault) {
        let faults = fault.findings.map { finding in
            let tokens = finding.pointer.flatMap { JSONPointer(parsing: $0) }?.tokens ?? []
            return Fault(
                .body(JSONPointer(["parameters"] + tokens)),
                code: finding.code.rawValue,
                detail: finding.description
            )
        }
        self.init(
            .invalidInput,
            "The version cannot be rendered so; see `errors`.",
            faults: faults
        )
    }
}

extension Invocation {
    /// Where callers reach this server, without a slash at the end.
    var baseURL: String {
        if let known = services.git.publicURL { return known }
        let host = request.headers[.host] ?? "localhost"
        return "\(request.isSecure ? "https" : "http")://\(host)"
    }
}
