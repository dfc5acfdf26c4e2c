/// A parsed head: where each part lies within the bytes of the request, and what follows.
struct RequestHead: Sendable, Equatable {
    /// One field line; places are counted from the request's first byte.
    struct Field: Sendable, Equatable {
        let nameStart: UInt16
        let nameCount: UInt16
        let valueStart: UInt16
        let valueCount: UInt16
        let known: KnownHeader

        var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
        var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
    }

    /// What follows the head.
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    var method = Method.get
    /// The whole request target.
    var target = 0..<0
    /// The path within the target; empty where an absolute-form target has none.
    var path = 0..<0
    /// What follows "?", if there is one.
    var query: Range<Int>?
    /// 0 for HTTP/1.0, otherwise 1.
    var minorVersion = 1
    private(set) var fields: [Field] = []
    /// A bit for each known name that is among the fields, so that asking for an absent one,
    /// which is the usual case, is one comparison.
    private var present: UInt64 = 0
    var framing = Framing.none
    /// Whether the client lets the connection live after the response (RFC 9112 §9.3).
    var keepsAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    var expectsContinue = false

    mutating func append(_ field: Field) {
        fields.append(field)
        present |= 1 << UInt64(field.known.rawValue)
    }

    /// Whether a field of that name may be there; sure for all names but the unknown ones.
    func mayHave(_ name: KnownHeader) -> Bool { present & (1 << UInt64(name.rawValue)) != 0 }

    /// Makes the head fit for the next request; its memory is kept.
    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        present = 0
        target = 0..<0
        path = 0..<0
        query = nil
        minorVersion = 1
        framing = .none
        keepsAlive = true
        expectsContinue = false
    }
}
