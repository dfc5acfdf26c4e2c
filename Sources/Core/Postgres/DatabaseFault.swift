/// Why the database gave no answer, by what the caller can do about it.
package enum DatabaseFault: Error, Equatable, Sendable {
    /// No session works now; nothing was done. Try again later.
    case unavailable(retryAfter: Duration)
    /// Too much is waiting already, or PostgreSQL is short of something; nothing was done.
    case overloaded(retryAfter: Duration)
    /// 53100: the disk of the database is full; nothing was done, and reads still work.
    case diskFull
    /// 23505: another row has this key.
    case unique(constraint: String)
    /// 23503: the row that is referred to is missing, or this row is still referred to.
    case foreignKey(constraint: String)
    /// 23514, and 23502 with the column as constraint: the row is not allowed.
    case check(constraint: String)
    /// 40001, 40P01: lost against a concurrent transaction, more often than is retried.
    case serialization
    /// 57014: the statement ran longer than allowed; nothing was done.
    case timeout
    /// 25006: this server takes no writes (a standby); the session has been dropped.
    case readOnly
    /// The session was lost after the write was sent: it may have happened or not. Repeat it
    /// only if doing it twice is harmless.
    case outcomeUnknown
    /// Any other refusal: a mistake in the statement, or a value that PostgreSQL does not take.
    case statement(sqlState: String, message: String)
    /// A column could not be read as the type that was asked for.
    case decoding(column: Int, reason: String)
    /// The wait for `PostgreSQL` was given up because the calling task was cancelled.
    case cancelled
}

extension DatabaseFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable: "the database cannot be reached"
        case .overloaded: "the database has too much to do"
        case .diskFull: "the disk of the database is full"
        case .unique(let constraint): "unique constraint \(constraint) is violated"
        case .foreignKey(let constraint): "foreign key \(constraint) is violated"
        case .check(let constraint): "check constraint \(constraint) is violated"
        case .serialization: "concurrent transactions collided repeatedly"
        case .timeout: "the statement took too long"
        case .readOnly: "the database server takes no writes"
        case .outcomeUnknown: "the connection was lost before the outcome was known"
        case .statement(let sqlState, let message): "\(message) (SQLSTATE \(sqlState))"
        case .decoding(let column, let reason): "column \(column): \(reason)"
        case .cancelled: "the caller gave up"
        }
    }
}
