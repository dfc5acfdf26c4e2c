/// An error report of PostgreSQL.
struct Refusal: Equatable {
    var sqlState: String
    var message: String
    var constraint: String
    var column: String
    /// FATAL or PANIC, not ERROR.
    var isFatal: Bool

    /// What it means for the caller.
    var fault: DatabaseFault {
        switch sqlState {
        case "23505", "23P01": .unique(constraint: constraint)
        case "23503": .foreignKey(constraint: constraint)
        case "23514": .check(constraint: constraint)
        case "23502": .check(constraint: column)
        case "40001", "40P01": .serialization
        case "57014": .timeout
        case "25006": .readOnly
        // A lock that is held for too long, too many sessions, no memory.
        case "55P03", "53300", "53200", "53400": .overloaded(retryAfter: .seconds(1))
        case "53100": .diskFull
        default: .statement(sqlState: sqlState, message: message)
        }
    }

    /// The session ends with it: PostgreSQL shuts down, the session was terminated or left a
    /// transaction open for too long (FATAL), or libpq itself noticed a loss (no SQLSTATE).
    var endsSession: Bool { isFatal || sqlState.isEmpty }

    /// The prepared statement is gone (26000) or its table changed (0A000): prepare it anew.
    var isStalePlan: Bool {
        sqlState == "26000" || sqlState == "0A000" && message.contains("cached plan")
    }
}
