import Domain
import JSON
import Storage

/// How the API shows a blueprint, whether it comes from a row or from a decision.
enum BlueprintView {
    static func bytes(_ blueprint: StoredBlueprint) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, blueprint)
        return writer.finish()
    }

    static func bytes(_ blueprint: Blueprint) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        writer.resource(
            id: blueprint.id.bytes,
            name: blueprint.name.text,
            generation: blueprint.generation,
            createdAt: blueprint.createdAt,
            updatedAt: blueprint.updatedAt,
            labels: blueprint.labels.write,
            spec: blueprint.spec.write,
            status: blueprint.status.write
        )
        return writer.finish()
    }

    /// The stored documents go out as they are.
    static func write(_ writer: inout JSONWriter, _ blueprint: StoredBlueprint) {
        writer.resource(
            id: blueprint.id.bytes,
            name: blueprint.name,
            generation: blueprint.generation,
            createdAt: blueprint.createdAt,
            updatedAt: blueprint.updatedAt,
            labels: { $0.raw(blueprint.labels) },
            spec: { $0.raw(blueprint.spec) },
            status: { $0.raw(blueprint.status) }
        )
    }

    /// The blueprint as it is now; nil where it is gone.
    static func current(_ id: BlueprintID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.blueprints.find(id, as: call.access)
        return found.map { .resource(bytes($0), revision: $0.revision) }
    }
}

extension Blueprint {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
