import Domain
import JSON
import Storage

/// How the API shows a cluster class.
///
/// Tenants see what they may order; what it is made of is the platform's.
enum ClusterClassView {
    private static let specForTenants = [
        "description", "provider", "kubernetesVersions", "regions", "allowance",
    ]
    private static let statusForTenants = [
        "phase", "conditions", "observedGeneration", "provider", "topology", "controlPlane",
        "nodePools", "usable",
    ]

    /// The class; the platform also sees who uses it, where that was looked up.
    static func bytes(
        _ shown: ClusterClass,
        usedBy: [String]? = nil,
        for access: Access
    ) throws -> [UInt8] {
        var writer = JSONWriter(reserving: 4_096 + shown.template.utf8.count)
        var documents = try Documents(shown)
        if let usedBy, var status = documents.status.object {
            status["usedBy"] = .array(usedBy.map { .string($0) })
            documents.status = .object(status)
        }
        write(&writer, shown, documents, hasTemplate: true, for: access)
        return writer.finish()
    }

    /// The documents of a class, read.
    struct Documents {
        let definition: JSON
        var status: JSON

        init(_ shown: ClusterClass) throws {
            definition = try JSON.parse(shown.definition)
            status = try JSON.parse(shown.status)
        }
    }

    static func write(
        _ writer: inout JSONWriter,
        _ shown: ClusterClass,
        _ documents: Documents,
        hasTemplate: Bool,
        for access: Access
    ) {
        let isWhole = access.scope(for: .readManagementClusters) == .everything
        var spec = documents.definition
        var status = documents.status
        if isWhole {
            var members = spec.object ?? JSONObject()
            if hasTemplate { members["template"] = .string(shown.template) }
            spec = .object(members)
        } else {
            spec = Self.keeping(specForTenants, of: spec)
            var members = Self.keeping(statusForTenants, of: status).object ?? JSONObject()
            members["sizes"] = .array(
                (status["sizes"]?.array ?? []).map { ["name": $0["name"] ?? .null] }
            )
            status = .object(members)
        }
        let (shownSpec, shownStatus) = (spec, status)
        writer.resource(
            id: shown.id.bytes,
            name: shown.name.text,
            generation: shown.generation,
            createdAt: shown.createdAt,
            updatedAt: shown.updatedAt,
            labels: shown.labels.write,
            spec: { $0.value(shownSpec) },
            status: { $0.value(shownStatus) },
            more: { source(&$0, shown.source) }
        )
    }

    private static func source(_ writer: inout JSONWriter, _ source: ClusterClassSource?) {
        writer.key("source")
        guard let source else { return writer.null() }
        writer.object { writer in
            writer.member("blueprint", source.blueprint.text)
            writer.member("version", source.version)
        }
    }

    private static func keeping(_ names: [String], of document: JSON) -> JSON {
        var kept = JSONObject()
        for name in names { kept[name] = document[name] }
        return .object(kept)
    }
}

extension ClusterClass {
    /// `{labels, spec}` as JSON.
    func wish() throws -> JSON {
        var spec = try JSON.parse(definition).object ?? JSONObject()
        spec["template"] = .string(template)
        return try .wish(labels: labels) { $0.value(.object(spec)) }
    }
}
