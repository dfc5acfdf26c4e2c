import Domain
import Git
import HTTP
import JSON
import Routing
import Storage
import Synchronization

/// The second half of either: the client's wishes in, the pack or the report out, both streamed.
struct GitNegotiation {
    private static let branches = "refs/heads/"
    /// The most branches of one push that are told, each with an event: 100.
    private static let eventsMax = 100

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
        let site = try await access.site(for: service)
        let negotiation = self
        let heard = Heard()
        // A place is found before the answer begins: later, nobody could be told to come back.
        let admitted = try await call.services.git.backend.admit(
            try access.exchange(service, .negotiation, at: site) { bytes in
                heard.commands.withLock { $0.received(bytes) }
            } write: { _ in
            }
        )
        var answer = Answer(
            .ok,
            body: .stream(length: nil) { writer in
                var wired = admitted
                wired.exchange.write = { try await writer.write($0) }
                var fault: (any Error)?
                do {
                    try await call.services.git.backend.serve(wired)
                } catch {
                    fault = error  // Git may have taken the push before the client went away.
                }
                if negotiation.service == .receivePack {
                    let commands = heard.commands.withLock { $0.commands }
                    let moved = try await negotiation.branches(moved: commands, in: site.path, call)
                    if fault == nil || !moved.isEmpty {
                        try await negotiation.note(moved, call, site.tenant)
                    }
                }
                if let fault { throw fault }
            }
        )
        answer.headers.add(.contentType, admitted.exchange.contentType)
        return answer
    }

    /// What a push wants, as it is heard while it passes by.
    private final class Heard: Sendable {
        let commands = Mutex(PushCommands())
    }

    /// The branches that stand where the push wanted them: Git may have refused some.
    private func branches(
        moved commands: [PushCommands.Command],
        in folder: String,
        _ call: Invocation
    ) async throws -> [PushCommands.Command] {
        let wanted = commands.filter { $0.reference.hasPrefix(Self.branches) }
            .prefix(Self.eventsMax)
        guard !wanted.isEmpty else { return [] }
        return try await call.services.git.service.open(folder) {
            (repository) throws(GitFault) in
            var moved: [PushCommands.Command] = []
            for command in wanted {
                let now = try repository.commit(named: command.reference)
                if now?.hex == command.after { moved.append(command) }
            }
            return moved
        }
    }

    /// A push is a change like any other: the audit log names it, and the world is told.
    private func note(
        _ moved: [PushCommands.Command],
        _ call: Invocation,
        _ tenant: TenantID?
    ) async throws {
        guard let caller = call.caller else { return }
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
        let events = tenant == nil ? [] : moved.map { event($0, call, tenant) }
        try await call.services.storage.audit.record(entry, telling: events)
    }

    private func event(
        _ moved: PushCommands.Command,
        _ call: Invocation,
        _ tenant: TenantID?
    ) -> Event {
        var data = JSONObject()
        data["branch"] = .string(String(moved.reference.dropFirst(Self.branches.count)))
        data["before"] = moved.before.map { .string($0) } ?? .null
        data["after"] = moved.after.map { .string($0) } ?? .null
        data["pushedBy"] = .string(call.caller?.name ?? "")
        return Event(
            id: call.occasion.event,
            type: .repositoryPushed,
            subject: ObjectReference(kind: .repository, id: nil, name: call.path[0]),
            tenant: tenant,
            at: call.now,
            data: JSON.object(data).serialized()
        )
    }
}
