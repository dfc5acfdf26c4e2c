/// Reads request heads.
struct RequestParser {
    enum Verdict: Equatable {
        case partial
        case complete(Int)
        case refused(RequestFault)
    }
    init(limits: ServerLimits) {}
    mutating func parse(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) -> Verdict {
        .partial
    }
}
