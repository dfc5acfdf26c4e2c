import Postgres

/// Why the database gave no answer, by what a caller can do about it.
package enum Outage: Sendable, Equatable {
    /// It cannot be reached; nothing was changed.
    case unavailable(retryAfter: Duration)
    /// Too much waits for it; nothing was changed.
    case overloaded(retryAfter: Duration)
    /// Its disk is full; nothing was changed.
    case diskFull
    /// The connection broke during a change: it may have happened or not.
    case outcomeUnknown
    /// The statement took too long and was given up.
    case timedOut
    /// It takes no change right now, as others change the same or it is a standby.
    case refused
    /// Something that no caller can do anything about.
    case broken
}

extension StorageFault {
    /// The outage behind a fault of the database; nil for every other fault.
    package var outage: Outage? {
        guard case .database(let fault) = self else { return nil }
        return switch fault {
        case .unavailable(let wait): .unavailable(retryAfter: wait)
        case .overloaded(let wait): .overloaded(retryAfter: wait)
        case .diskFull: .diskFull
        case .outcomeUnknown: .outcomeUnknown
        case .timeout: .timedOut
        case .serialization, .readOnly: .refused
        default: .broken
        }
    }
}
