import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /analyze-location`: the descriptors that a repository has, or one that it
/// could have.
struct AnalyzePortalLocation: Operation {
    static let endpoint = Endpoint(
        "analyzePortalLocation",
        .post,
        "/api/catalog/analyze-location",
        for: .permitted(.writeCatalog),
        body: .json,
        [.audited, .portal]
    )

    private let target: LocationTarget
    private let fileName: String

    init(reading inputs: Inputs) throws(Problem) {
        target = try inputs.portalTarget(in: inputs.body["location"])
        fileName =
            inputs.body["catalogFilename"]?.string ?? inputs.body["catalogFileName"]?.string
            ?? LocationTarget.fileName
        let isPlain = !fileName.contains(where: "/*?".contains)
        guard (1...200).contains(fileName.utf8.count), isPlain else {
            throw Problem(.invalidInput, "Invalid catalogFilename, the name of a file is wanted")
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let wish = LocationWish(target: target.with(path: "**/\(fileName)"))
        try wish.check(call)
        let tenant = try await LocationWish.tenant(nil, call)
        let preview = try await call.preview(wish.target, for: tenant)
        var registered: [String: Bool] = [:]
        for (_, file) in preview.entities where registered[file] == nil {
            // What was found under this text can be read from it.
            guard let own = try? LocationTarget(parsing: file) else { continue }
            let found = try await call.services.storage.locations.find(
                own,
                of: tenant?.id,
                as: call.access
            )
            registered[file] = found != nil
        }
        var writer = JSONWriter(reserving: 2_048)
        writer.object { writer in
            writer.key("existingEntityFiles")
            writer.array(preview.entities) { writer, found in
                writer.object { writer in
                    writer.key("location")
                    writer.object { writer in
                        writer.member("type", "url")
                        writer.member("target", found.file)
                    }
                    writer.member("isRegistered", registered[found.file] ?? false)
                    writer.key("entity")
                    writer.value(.object(found.entity.document))
                }
            }
            writer.key("generateEntities")
            writer.array(preview.entities.isEmpty ? [proposal(for: tenant)] : []) {
                writer,
                entity in
                writer.object { writer in
                    writer.key("entity")
                    writer.value(entity)
                    writer.key("fields")
                    writer.value([])
                }
            }
        }
        return .json(.ok, writer.finish())
    }

    /// A descriptor to begin with, named after the repository.
    private func proposal(for tenant: TenantReference?) -> JSON {
        let path = target.page.split(separator: "/").dropFirst(2)
        let letters = (path.last ?? "component").map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
        }
        let name = String(letters).split(separator: "-").joined(separator: "-").prefix(63)
        var annotations = JSONObject()
        let slug = path.joined(separator: "/")
        switch target.form {
        case .github: annotations["github.com/project-slug"] = .string(slug)
        case .gitlab: annotations["gitlab.com/project-slug"] = .string(slug)
        case .gitea, .plain:
            annotations[WellKnownAnnotation.sourceLocation] = .string("url:\(target.page)")
        }
        var metadata = JSONObject()
        metadata["name"] = .string(name.isEmpty ? "component" : String(name))
        if let tenant { metadata["namespace"] = .string(tenant.name) }
        metadata["annotations"] = .object(annotations)
        return [
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
            "metadata": .object(metadata),
            "spec": ["type": "other", "lifecycle": "unknown", "owner": "guests"],
        ]
    }
}
