package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// The setting that holds the pause.
    private static let setting = "environment-expiry-pause"

    /// That no environment ends by itself for now; nil where they do.
    package func expiryPause() async throws(StorageFault) -> ExpiryPause? {
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read("SELECT value FROM setting WHERE name = \(Self.setting)")
        }
        guard let row = rows.first else { return nil }
        do {
            let document = try parsed(row.decode(0))
            return document.isNull ? nil : ExpiryPause(reading: document) ?? .unreadable
        } catch {
            // Somebody wanted a pause, and what is deleted does not come back.
            return .unreadable
        }
    }

    /// Keeps all environments from ending by themselves, or no longer, with event, audit entry and
    /// receipt.
    ///
    /// - Throws: `.notFound` where the caller may not, `.keyReused`, `.keyInProgress`.
    package func setExpiryPause(
        _ pause: ExpiryPause?,
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .changePlatform) else { throw .notFound }
        let platform = ObjectReference(kind: .platform, id: nil, name: "platform")
        let statement = ChangeStatement(
            call: call,
            object: platform,
            tenant: nil,
            event: Event(
                id: event,
                type: pause == nil ? .environmentExpiryResumed : .environmentExpiryPaused,
                subject: platform,
                tenant: nil,
                at: call.at,
                data: pause.map { Document($0.write).bytes } ?? Array("{}".utf8)
            )
        )
        let value = pause.map { Document($0.write).bytes } ?? Array("null".utf8)
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO setting (name, value)
                SELECT \(Self.setting), \(value) WHERE \(statement.isNew)
                ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value
                RETURNING name AS id
                """
        )
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }
}
