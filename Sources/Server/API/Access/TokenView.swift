import Domain
import JSON
import Secrets
import Storage

/// How the API shows a token.
enum TokenView {
    static func bytes(_ token: StoredToken, at now: Domain.Instant) -> [UInt8] {
        var writer = JSONWriter(reserving: 768)
        write(&writer, token, at: now)
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ stored: StoredToken, at now: Domain.Instant) {
        write(&writer, stored.token, at: now, labels: { $0.raw(stored.labels) })
    }

    /// A new token, with its secret where it is shown: this once.
    static func bytes(
        new token: AccessToken,
        secret: Token?,
        at now: Domain.Instant
    ) -> [UInt8] {
        var writer = JSONWriter(reserving: 768)
        write(
            &writer,
            token,
            at: now,
            labels: token.labels.write,
            more: { $0.member("token", orNull: secret?.revealedText()) }
        )
        return writer.finish()
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ token: AccessToken,
        at now: Domain.Instant,
        labels: (inout JSONWriter) -> Void,
        more: (inout JSONWriter) -> Void = { _ in }
    ) {
        writer.resource(
            id: token.id.bytes,
            name: token.name,
            generation: 1,
            createdAt: token.createdAt,
            updatedAt: token.revokedAt ?? token.createdAt,
            labels: labels,
            spec: { writer in
                writer.object { writer in
                    writer.member("role", token.role.rawValue)
                    writer.member("tenant", orNull: token.tenant?.name)
                    writer.key("groups")
                    writer.array(token.groups) { $0.string($1.text) }
                    writer.member("expiresAt", orNull: token.expiresAt)
                }
            },
            status: { writer in
                writer.object { writer in
                    writer.member("phase", token.phase(at: now))
                    writer.key("conditions")
                    writer.array([Condition]()) { $1.write(to: &$0) }
                    writer.member("observedGeneration", 1)
                    writer.member("prefix", token.prefix)
                    writer.member("createdBy", token.createdBy)
                    writer.member("lastUsedAt", orNull: token.lastUsedAt)
                    writer.member("revokedAt", orNull: token.revokedAt)
                }
            },
            more: more
        )
    }
}

extension AccessToken {
    /// Whether the token works, in one word.
    func phase(at now: Domain.Instant) -> String {
        if revokedAt != nil { return "revoked" }
        if let expiresAt, expiresAt <= now { return "expired" }
        return "active"
    }

    /// `{labels, spec}` for plans.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels) { writer in
            writer.object { writer in
                writer.member("role", role.rawValue)
                writer.member("tenant", orNull: tenant?.name)
                writer.key("groups")
                writer.array(groups) { $0.string($1.text) }
                writer.member("expiresAt", orNull: expiresAt)
            }
        }
    }
}
