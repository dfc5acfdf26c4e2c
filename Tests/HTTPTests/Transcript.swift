import EventLoop

@testable import HTTP

/// What a connection would make of bytes: the requests in order, and how it ended.
struct Transcript: Equatable {
    struct Message: Equatable {
        var method: String
        var target: String
        var minorVersion: Int
        var fields: [[String]]
        var body: [UInt8]
    }

    enum Ending: Equatable {
        /// More bytes could make another request.
        case open
        /// A request is not complete.
        case partial
        /// The last request closes the connection; what follows is not looked at.
        case closed
        case refused(RequestFault)
    }

    var messages: [Message] = []
    var ending = Ending.open

    /// Reads `bytes` in portions that end at `cuts`; each portion lies in memory of its own, so
    /// that reading past its end is found by the address sanitizer.
    init(_ bytes: [UInt8], cuts: [Int] = [], limits: ServerLimits = ServerLimits()) {
        var reader = MessageReader(limits: limits)
        var start = 0
        for cut in cuts + [bytes.count] where ending == .open || ending == .partial {
            reader.pending.append(contentsOf: bytes[start..<cut])
            start = cut
            ending = reader.read(into: &messages)
        }
    }

    init(_ text: String, limits: ServerLimits = ServerLimits()) {
        self.init(Array(text.utf8), limits: limits)
    }
}

/// The parts of the parser put together as a connection does it.
struct MessageReader {
    var pending: [UInt8] = []
    private let limits: ServerLimits
    private var parser: RequestParser
    private var received = ReceivedHead()
    private var body: BodyReader?
    private var bodyBytes: [UInt8] = []

    init(limits: ServerLimits) {
        self.limits = limits
        parser = RequestParser(limits: limits)
    }

    mutating func read(into messages: inout [Transcript.Message]) -> Transcript.Ending {
        while true {
            if body == nil, let ending = readHead() { return ending }
            if let ending = readBody() { return ending }
            messages.append(message())
            guard received.head.keepsAlive else { return .closed }
            parser = RequestParser(limits: limits)
            received = ReceivedHead()
            body = nil
            bodyBytes = []
        }
    }

    private mutating func readHead() -> Transcript.Ending? {
        switch pending.withUnsafeBytes({ parser.parse($0, into: &received.head) }) {
        case .partial:
            return pending.isEmpty ? .open : .partial
        case .refused(let fault):
            return .refused(fault)
        case .complete(let count):
            received.bytes = Array(pending[..<count])
            pending.removeFirst(count)
            body = BodyReader(
                received.head.framing,
                trailerBytesMax: limits.headBytesMax
            )
            return nil
        }
    }

    private mutating func readBody() -> Transcript.Ending? {
        while var reader = body {
            let step = pending.withUnsafeBytes { reader.next($0) }
            body = reader
            switch step {
            case .partial(let consumed):
                pending.removeFirst(consumed)
                return .partial
            case .data(let range):
                bodyBytes.append(contentsOf: pending[range])
                pending.removeFirst(range.upperBound)
            case .end(let consumed):
                pending.removeFirst(consumed)
                return nil
            case .malformed(let rule):
                return .refused(.malformed(rule))
            }
        }
        return nil
    }

    private func message() -> Transcript.Message {
        let head = received.head
        return Transcript.Message(
            method: head.method.name,
            target: received.text(head.target),
            minorVersion: head.minorVersion,
            fields: head.fields.map { [received.text($0.name), received.text($0.value)] },
            body: bodyBytes
        )
    }
}
