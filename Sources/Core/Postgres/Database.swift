package import EventLoop
package import Logging

/// A PostgreSQL database, spoken to by every loop of a group over sessions of its own.
///
/// Calls may be made anywhere; those made on a loop of the group stay on it.
package final class Database: Sendable {
    /// The limits in force.
    package let options: DatabaseOptions

    /// Opens nothing yet; `start` does.
    package init(
        group: EventLoopGroup,
        connection: ConnectionString,
        options: DatabaseOptions = DatabaseOptions(),
        logger: Logger
    ) {
        self.options = options
        preconditionFailure("not built yet")
    }

    /// Opens the sessions and returns when every loop can read and write.
    ///
    /// - Throws: `ConnectFault` with PostgreSQL's reason when the first attempt fails.
    package func start() async throws(ConnectFault) {
        preconditionFailure("not built yet")
    }

    /// Ends what is under way as far as `limit` allows, then closes every session. Calls made
    /// afterwards are `.unavailable`.
    package func stop(within limit: Duration = .seconds(5)) async {
        preconditionFailure("not built yet")
    }

    /// Runs one statement that changes nothing. Reads of one tick share a round trip; a read
    /// whose session is lost is sent again.
    package func read(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        preconditionFailure("not built yet")
    }

    /// Runs one statement as a transaction of its own; it has been committed when this returns.
    package func write(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        preconditionFailure("not built yet")
    }

    /// Runs statements in one round trip and one transaction: all of them happen, or none.
    /// For commands that need no answer of one statement to phrase the next.
    package func write(all statements: [SQL]) async throws(DatabaseFault) -> [Rows] {
        preconditionFailure("not built yet")
    }

    /// `write` on a session that ordinary load never fills: for heartbeats.
    package func writeReserved(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        preconditionFailure("not built yet")
    }

    /// Runs `body` between BEGIN and COMMIT on a session that it has to itself; ROLLBACK when it
    /// throws. After a collision (40001, 40P01) `body` runs again, so it must touch nothing but
    /// the transaction.
    ///
    /// - Throws: what `body` throws, or `DatabaseFault`.
    package func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        preconditionFailure("not built yet")
    }

    /// Calls `handler` on a loop for each notification on `channels`, and with `.resynchronise`
    /// once the session listens and after every interruption. Once for each database.
    package func listen(
        to channels: [String],
        _ handler: @escaping @Sendable (Notification) -> Void
    ) {
        preconditionFailure("not built yet")
    }

    /// Wakes the listeners of `channel`, in a transaction of its own; calls that come faster
    /// than `notifyInterval` are told once.
    package func notify(channel: String) {
        preconditionFailure("not built yet")
    }
}

/// What a LISTEN session has to tell.
package enum Notification: Sendable, Equatable {
    /// Something happened on a channel.
    case received(channel: String, payload: String)
    /// Notifications may have been lost: look for yourself.
    case resynchronise
}

/// PostgreSQL could not be reached or did not let us in.
package struct ConnectFault: Error, Equatable, CustomStringConvertible {
    /// The reason in libpq's words.
    package let reason: String

    package var description: String { reason }
}

/// One transaction under way; of no use after its body has ended.
package struct Transaction: Sendable {
    /// Runs a statement and returns its answer.
    @discardableResult
    package func execute(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        preconditionFailure("not built yet")
    }

    /// Runs statements in one round trip; the first one that fails ends the transaction.
    @discardableResult
    package func execute(all statements: [SQL]) async throws(DatabaseFault) -> [Rows] {
        preconditionFailure("not built yet")
    }
}
