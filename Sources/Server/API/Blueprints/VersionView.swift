import Domain
import JSON

/// How the API shows a version of a blueprint.
enum VersionView {
    static func bytes(_ version: BlueprintVersion, of blueprint: BlueprintName) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024 + version.parameterSchema.count)
        write(&writer, version, of: blueprint)
        return writer.finish()
    }

    static func write(
        _ writer: inout JSONWriter,
        _ version: BlueprintVersion,
        of blueprint: BlueprintName
    ) {
        writer.resource(
            id: version.id.bytes,
            name: version.version,
            generation: version.revision,
            createdAt: version.discoveredAt,
            updatedAt: version.updatedAt,
            labels: { $0.object { _ in } },
            spec: { $0.object { $0.member("state", version.state.rawValue) } },
            status: { writer in
                writer.object { writer in
                    writer.member("phase", version.state.rawValue)
                    writer.key("conditions")
                    writer.array([Condition]()) { $1.write(to: &$0) }
                    writer.member("observedGeneration", version.revision)
                    writer.member("blueprint", blueprint.text)
                    writer.member("tag", version.tag)
                    writer.member("commit", version.commit)
                    writer.member("summary", version.summary)
                    writer.key("parameters")
                    writer.raw(version.parameterSchema)
                }
            }
        )
    }
}
