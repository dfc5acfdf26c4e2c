/// Why there is no answer, by what can be done about it.
package enum OutboundFault: Error, Equatable, Sendable {
    /// The request itself cannot be sent: mend it.
    case malformed(String)
    /// No connection came about: the server may be away, try again later.
    case unreachable(String)
    /// The two sides do not trust each other: mend certificates or authorities.
    case untrusted(String)
    /// It took longer than the limits allow; the server may have done what was asked.
    case timedOut(String)
    /// The connection ended before the answer did; the server may have done what was asked.
    case brokenOff(String)
    /// The answer is larger than this many bytes.
    case tooLarge(limit: Int)
    /// As many requests as allowed are under way: try again later.
    case busy
    /// The caller or the client gave up.
    case cancelled
}

extension OutboundFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let reason), .unreachable(let reason), .untrusted(let reason),
            .timedOut(let reason), .brokenOff(let reason):
            reason
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .busy: "too many requests are under way"
        case .cancelled: "the request was given up"
        }
    }
}
