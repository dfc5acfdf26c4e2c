import Domain
import JSON
import Storage

/// Who did what to which object, from where, with which result.
struct ListAudit: Operation {
    static let endpoint = Endpoint.listing(
        "listAudit",
        "/v1/audit",
        .readAudit,
        filters: ["operation", "actor", "tenant", "result"]
    )

    private let request: ListRequest
    private let query: AuditQuery

    init(reading inputs: Inputs) throws(Problem) {
        request = try ListRequest(reading: inputs)
        query = AuditQuery(
            before: request.position.flatMap { Int64(String(decoding: $0, as: UTF8.self)) },
            limit: request.limit,
            operation: try inputs.filter("operation", Reading.text(1...63)),
            actor: try inputs.filter("actor", Reading.text(1...AccessToken.nameLengthMax)),
            tenant: try inputs.filter("tenant", Reading.name),
            result: try inputs.filter("result", Reading.choice())
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.audit.list(query, as: call.access)
        return request.answer(page, call, position: { Array(String($0.id).utf8) }, Self.write)
    }

    private static func write(_ writer: inout JSONWriter, _ entry: AuditEntry) {
        writer.object { writer in
            writer.member("id", String(entry.id))
            writer.member("at", entry.at.description)
            writer.key("actor")
            writer.object { writer in
                writer.member("token", orNull: entry.token?.description)
                writer.member("name", entry.actor)
            }
            writer.member("operation", entry.operation)
            writer.key("object")
            write(&writer, entry.object)
            writer.key("cause")
            if let cause = entry.cause { write(&writer, cause) } else { writer.null() }
            writer.member("tenant", orNull: entry.tenant?.description)
            writer.member("result", entry.result.rawValue)
            writer.member("code", orNull: entry.code)
            writer.member("address", entry.peer)
            writer.member("requestId", entry.requestID)
        }
    }

    private static func write(_ writer: inout JSONWriter, _ object: ObjectReference) {
        writer.object { writer in
            writer.member("kind", object.kind.rawValue)
            writer.member("id", orNull: object.id?.description)
            writer.member("name", object.name)
        }
    }
}
