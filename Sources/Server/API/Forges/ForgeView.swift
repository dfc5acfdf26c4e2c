import Domain
import JSON

/// How the API shows a forge; its token never shows.
enum ForgeView {
    static func bytes(_ forge: Forge, to call: Invocation) -> [UInt8] {
        var writer = JSONWriter(reserving: 768)
        write(&writer, forge, isWhole: isWhole(for: call))
        return writer.finish()
    }

    /// Whether the caller sees more of a forge than its name and kind: people of a tenant do not.
    static func isWhole(for call: Invocation) -> Bool {
        call.access.scope(for: .readForges) == .everything
    }

    static func write(_ writer: inout JSONWriter, _ forge: Forge, isWhole: Bool) {
        writer.resource(
            id: forge.id.bytes,
            name: forge.name.text,
            generation: forge.generation,
            createdAt: forge.createdAt,
            updatedAt: forge.updatedAt,
            labels: (isWhole ? forge.labels : Labels()).write,
            spec: { forge.writeSpec(to: &$0, isWhole: isWhole) },
            status: { writer in
                writer.object { writer in
                    writer.member("phase", forge.status.phase.rawValue)
                    writer.key("conditions")
                    writer.array(isWhole ? [forge.condition] : []) { $1.write(to: &$0) }
                    writer.member("observedGeneration", forge.generation)
                    writer.member("hasToken", forge.spec.hasToken)
                    writer.member("hasKey", forge.spec.repositories?.hasKey ?? false)
                    writer.member("checkedAt", orNull: forge.status.checkedAt)
                }
            }
        )
    }
}

extension Forge {
    /// The spec as the API shows it.
    func writeSpec(to writer: inout JSONWriter, isWhole: Bool = true) {
        writer.object { writer in
            writer.member("kind", spec.kind.rawValue)
            writer.member("url", orNull: isWhole ? spec.url : nil)
            writer.key("repositories")
            if isWhole, let repositories = spec.repositories {
                repositories.write(to: &writer)
            } else {
                writer.null()
            }
            (isWhole ? spec : ForgeSpec(kind: spec.kind, url: "", hasToken: false))
                .writeSources(to: &writer)
        }
    }

    /// `{labels, spec}` for plans.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels) { writeSpec(to: &$0) }
    }
}
