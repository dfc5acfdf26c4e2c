import Domain
import Git
import HTTP
import Storage

/// The second half of either: the client's wishes in, the pack or the report out, both streamed.
struct GitNegotiation {
    private let access: GitAccess
    private let service: GitExchange.Service
    private let object: ObjectReference

    init(reading inputs: Inputs, service: GitExchange.Service) throws(Problem) {
        access = try GitAccess(reading: inputs)
        self.service = service
        object = ObjectReference(
            kind: .repository,
            id: nil,
            name: "\(inputs.path("owner"))/\(inputs.path("repository"))"
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let (folder, tenant) = try await access.folder(for: service)
        let negotiation = self
        let template = try access.exchange(service, .negotiation, in: folder) { _ in }
        var answer = Answer(
            .ok,
            body: .stream(length: nil) { writer in
                var exchange = template
                exchange.write = { try await writer.write($0) }
                try await call.services.git.backend.serve(exchange)
                try await negotiation.note(call, tenant)
            }
        )
        answer.headers.add(.contentType, template.contentType)
        return answer
    }

    /// A push is a change like any other: the audit log names it.
    private func note(_ call: Invocation, _ tenant: TenantID?) async throws {
        guard service == .receivePack, let caller = call.caller else { return }
        let entry = AuditEntry(
            id: 0,
            at: call.now,
            token: caller.token,
            actor: caller.name,
            operation: call.endpoint.operation,
            object: object,
            tenant: tenant,
            result: .allowed,
            code: nil,
            peer: call.request.peer,
            requestID: call.identity.id
        )
        try await call.services.storage.audit.record([entry])
    }
}
