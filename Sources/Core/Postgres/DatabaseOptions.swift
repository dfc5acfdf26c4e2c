/// How many sessions a `Database` keeps and how long it waits; every queue has its limit here.
package struct DatabaseOptions: Sendable {
    /// Pipelined read sessions of each loop.
    package var readSessionsPerLoop = 1
    /// Pipelined write sessions of each loop.
    package var writeSessionsPerLoop = 1
    /// Sessions of each loop for transactions; opened when they are needed.
    package var exclusiveSessionsPerLoop = 4
    /// Statements sent and not yet answered on one session.
    package var pipelineDepthMax = 256
    /// Statements that wait to be sent, for each loop and kind (reads, writes).
    package var queueLengthMax = 8_192
    /// Transactions of a loop that wait for a session.
    package var transactionsWaitingMax = 512
    /// How long a transaction waits for a session before it is `.overloaded`.
    package var transactionWaitMax = Duration.seconds(5)
    /// Prepared statements kept by each session; the least recently used one makes room.
    package var statementsPreparedMax = 256
    /// PostgreSQL ends a statement that runs longer.
    package var statementTimeout = Duration.seconds(10)
    /// PostgreSQL ends a statement that waits longer for a lock.
    package var lockTimeout = Duration.seconds(5)
    /// PostgreSQL ends a session that leaves a transaction open without a statement for longer.
    ///
    /// Shorter than a worker is taken for dead: the rows that a stopped process holds locked are
    /// the jobs that another one is to take over.
    package var idleInTransactionTimeout = Duration.seconds(5)
    /// How long opening a session may take.
    package var connectTimeout = Duration.seconds(5)
    /// The first wait before a session is opened again; doubled each time, with jitter.
    package var reconnectDelayMin = Duration.milliseconds(50)
    /// The longest wait before a session is opened again.
    package var reconnectDelayMax = Duration.seconds(2)
    /// The shortest time between two NOTIFYs of one channel: at most 20 a second.
    package var notifyInterval = Duration.milliseconds(50)
    /// How often the LISTEN session is asked whether it still lives.
    package var listenCheckInterval = Duration.seconds(15)
    /// How often a transaction is run before a collision is reported as `.serialization`.
    package var transactionAttemptsMax = 4
    /// What PostgreSQL shows as `application_name`.
    package var applicationName = "slipway"

    /// The defaults.
    package init() {}
}
