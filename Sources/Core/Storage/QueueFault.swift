import Postgres

/// Why the queue did not do what a worker asked, by what the worker does next.
package enum QueueFault: Error, Equatable, Sendable {
    /// The lease is not the current one any more: leave the job alone.
    case leaseLost
    /// The database gave no answer; ask again later, what was asked may be asked twice.
    case passing(reason: String)
    /// The database does not take this, however often it is asked.
    case permanent(reason: String)
}

extension QueueFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .leaseLost: "the lease is not current"
        case .passing(let reason), .permanent(let reason): reason
        }
    }

    init(_ fault: DatabaseFault) {
        self =
            switch fault {
            case .unavailable, .overloaded, .diskFull, .serialization, .timeout, .readOnly,
                .outcomeUnknown, .cancelled:
                .passing(reason: fault.description)
            case .unique, .foreignKey, .check, .statement, .decoding:
                .permanent(reason: fault.description)
            }
    }
}

/// The database as the queue speaks to it: its faults are those of the queue.
struct QueueDatabase: Sendable {
    let database: Database

    func read(_ sql: SQL) async throws(QueueFault) -> Rows {
        do throws(DatabaseFault) { return try await database.read(sql) } catch {
            throw QueueFault(error)
        }
    }

    func write(_ sql: SQL) async throws(QueueFault) -> Rows {
        do throws(DatabaseFault) { return try await database.write(sql) } catch {
            throw QueueFault(error)
        }
    }

    /// Settings for statements that find jobs by their ids, for the length of a transaction.
    ///
    /// The table fills and empties faster than its statistics: planned for an empty one, such
    /// statements would read all of it, for as long as the plan is kept. Such statements know a
    /// running job by its worker: the index by state is for those that have no id.
    static let pin: SQL = """
        SELECT set_config('enable_seqscan', 'off', true),
               set_config('enable_bitmapscan', 'off', true),
               set_config('enable_nestloop', 'off', true),
               set_config('enable_mergejoin', 'off', true)
        """

    /// `write` with a plan that looks jobs up by their ids, whatever the statistics say.
    func writePinned(_ sql: SQL) async throws(QueueFault) -> Rows {
        let answers = try await write(all: [Self.pin, sql])
        return answers[1]
    }

    func write(all statements: [SQL]) async throws(QueueFault) -> [Rows] {
        do throws(DatabaseFault) { return try await database.write(all: statements) } catch {
            throw QueueFault(error)
        }
    }

    func writeReserved(_ sql: SQL) async throws(QueueFault) -> Rows {
        do throws(DatabaseFault) { return try await database.writeReserved(sql) } catch {
            throw QueueFault(error)
        }
    }

    func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        do { return try await database.transaction(body) } catch let fault as DatabaseFault {
            throw QueueFault(fault)
        }
    }

    func notify(channel: String) {
        database.notify(channel: channel)
    }
}
