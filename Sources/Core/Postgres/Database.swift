package import EventLoop
package import Logging
internal import Synchronization
package import Telemetry

/// A PostgreSQL database, spoken to by every loop of a group over sessions of its own.
///
/// Calls may be made anywhere; those made on a loop of the group stay on it. A call that was
/// handed in is answered even when its task is cancelled: what was sent cannot be unsent.
package final class Database: Sendable {
    /// The limits in force.
    package let options: DatabaseOptions
    /// What the sessions count.
    package let statistics: DatabaseStatistics

    let loops: [LoopSessions]
    private let group: EventLoopGroup
    private let connector: Connector
    private let logger: Logger
    private let notifier: Notifier

    /// Opens nothing yet; `start` does.
    package init(
        group: EventLoopGroup,
        connection: ConnectionString,
        options: DatabaseOptions = DatabaseOptions(),
        logger: Logger,
        metrics: MetricsRegistry = MetricsRegistry()
    ) {
        let statistics = DatabaseStatistics(metrics)
        let connector = Connector(connection, options)
        self.group = group
        self.options = options
        self.statistics = statistics
        self.connector = connector
        self.logger = logger
        let loops = group.loops.enumerated().map { index, loop in
            LoopSessions(
                on: loop,
                isFirst: index == 0,
                connector: connector,
                limits: options,
                statistics: statistics,
                logger: logger
            )
        }
        self.loops = loops
        notifier = Notifier(on: loops[0].loop, interval: options.notifyInterval) { channel in
            loops[0].notify(channel)
        }
    }

    /// Opens the sessions and returns when every loop can read and write.
    ///
    /// - Throws: `ConnectFault` with PostgreSQL's reason when the first attempt fails; further
    ///   attempts are made until `stop`.
    package func start() async throws(ConnectFault) {
        for sessions in loops {
            try await Wakeup<Void, ConnectFault>.wait { wakeup in
                sessions.loop.onThread {
                    sessions.open { fault in
                        if let fault { wakeup.resume(throwing: fault) } else { wakeup.resume() }
                    }
                }
            }
        }
    }

    /// Ends what is under way as far as `limit` allows, then closes every session.
    ///
    /// Calls made afterwards are `.unavailable`.
    package func stop(within limit: Duration = .seconds(5)) async {
        let end = MonotonicTime.now().advanced(by: limit)
        for sessions in loops {
            await sessions.onLoop { $0.stop() }
            while await sessions.onLoop({ !$0.isIdle }), MonotonicTime.now() < end {
                // Cancelled: nobody waits for the rest any more.
                guard (try? await sessions.loop.sleep(for: .milliseconds(5))) != nil else { break }
            }
            await sessions.onLoop { $0.close() }
        }
        connector.stop()
    }

    /// Runs one statement that changes nothing.
    ///
    /// Reads of one tick share a round trip; a read whose session is lost is sent again.
    package func read(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        try await ask(.read, sql, on: here) { $0.read($1) }.first
    }

    /// Runs one statement as a transaction of its own; it has been committed when this returns.
    @discardableResult
    package func write(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        try await ask(.write, sql, on: here) { $0.write($1) }.first
    }

    /// Runs statements in one round trip and one transaction: all of them happen, or none.
    ///
    /// For commands that need no answer of one statement to phrase the next.
    @discardableResult
    package func write(all statements: [SQL]) async throws(DatabaseFault) -> [Rows] {
        guard let first = statements.first else { return [] }
        let others = Array(statements.dropFirst())
        let answer = try await ask(.write, first, others, on: here) { $0.write($1) }
        return [answer.first] + answer.others
    }

    /// `write` on a session that ordinary load never fills: for heartbeats.
    @discardableResult
    package func writeReserved(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        try await ask(.write, sql, on: loops[0]) { $0.writeReserved($1) }.first
    }

    /// Calls `handler` on a loop for each notification on `channels`, and with `.resynchronise`
    /// once the session listens and after every interruption.
    ///
    /// Once for each database.
    package func listen(
        to channels: [String],
        _ handler: @escaping @Sendable (Notification) -> Void
    ) {
        let listener = Listener(
            on: loops[0].loop,
            channels: channels,
            limits: options,
            logger: logger,
            handler: handler
        )
        loops[0].loop.onThread { [loops, connector, statistics] in
            precondition(loops[0].listener == nil, "a database is listened to once")
            loops[0].listener = listener
            listener.open(connector: connector, statistics: statistics)
        }
    }

    /// Wakes the listeners of `channel`, in a transaction of its own; calls that come faster than
    /// `notifyInterval` are told once.
    ///
    /// A hint: it may be lost.
    package func notify(channel: String) {
        loops[0].loop.onThread { [notifier] in notifier.notify(channel) }
    }

    /// The sessions of the loop whose thread this is, or of one of the others in turn.
    var here: LoopSessions {
        let loop = EventLoop.current ?? group.next()
        let index = loop.index
        if index < loops.count, loops[index].loop === loop { return loops[index] }
        return loops[group.next().index]
    }

    private func ask(
        _ kind: Call.Kind,
        _ first: SQL,
        _ others: [SQL] = [],
        on sessions: LoopSessions,
        _ submit: @escaping @Sendable (LoopSessions, Call) -> Void
    ) async throws(DatabaseFault) -> Call.Answer {
        guard first.isSendable, others.allSatisfy(\.isSendable) else { throw SQL.holdsNUL }
        return try await Wakeup<Call.Answer, DatabaseFault>.wait { wakeup in
            let call = Call(kind, first, others, waking: wakeup)
            if sessions.loop.isCurrent {
                submit(sessions, call)
            } else {
                sessions.loop.execute { submit(sessions, call) }
            }
        }
    }
}

extension LoopSessions {
    /// Runs `body` on the loop and waits for what it returns.
    fileprivate func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (LoopSessions) -> Value
    ) async -> Value {
        await Wakeup<Value, Never>.wait { wakeup in
            loop.onThread { wakeup.resume(returning: body(self)) }
        }
    }
}

extension SQL {
    /// PostgreSQL stores no NUL in text, and libpq would cut the text off there.
    static let holdsNUL = DatabaseFault.statement(
        sqlState: "22021",
        message: "a text value holds a NUL character"
    )

    var isSendable: Bool { !parameters.holdsNUL }
}
