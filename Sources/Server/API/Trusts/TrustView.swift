import Domain
import JSON

/// How the API shows a trust.
enum TrustView {
    static func bytes(_ trust: Trust) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, trust)
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ trust: Trust) {
        writer.resource(
            id: trust.id.bytes,
            name: trust.name.text,
            generation: trust.generation,
            createdAt: trust.createdAt,
            updatedAt: trust.updatedAt,
            labels: trust.labels.write,
            spec: trust.spec.write,
            status: { writer in
                writer.object { writer in
                    writer.member("phase", "active")
                    writer.key("conditions")
                    writer.array([Condition]()) { $1.write(to: &$0) }
                    writer.member("observedGeneration", trust.generation)
                    writer.member("lastUsedAt", orNull: trust.usedAt)
                }
            }
        )
    }
}

extension Trust {
    /// `{labels, spec}` for plans and merge patches.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}
