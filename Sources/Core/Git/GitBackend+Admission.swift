import EventLoop
import Synchronization

extension GitBackend {
    /// Bytes of a question as it is sent, mostly compressed: some 40,000 commits by name.
    private static let questionBytesMax = 2 << 20
    /// How long a question may take to arrive; Git sends it in one go.
    private static let questionDeadline = Duration.seconds(20)

    /// Makes an exchange ready to be served, or says that there is no room for it.
    ///
    /// The question of a clone or fetch is read to its end first, so that neither a child nor a
    /// place waits for a slow client; a push is streamed, for it has no bound worth keeping in
    /// memory. Call it on a loop, before the first byte of the answer.
    package func admit(_ exchange: GitExchange) async throws(GitFault) -> AdmittedExchange {
        var exchange = exchange
        if exchange.service == .uploadPack, exchange.phase == .negotiation {
            let question = Question(try await question(of: exchange))
            exchange.read = { question.next() }
        }
        return AdmittedExchange(
            exchange: exchange,
            place: try await children.enter(for: exchange.caller)
        )
    }

    private func question(of exchange: GitExchange) async throws(GitFault) -> [[UInt8]] {
        let place = try await questions.enter(for: exchange.caller)
        defer { withExtendedLifetime(place) {} }
        let until = MonotonicTime.now().advanced(by: Self.questionDeadline)
        var pieces: [[UInt8]] = []
        var bytes = 0
        while let piece = try await next(exchange) {
            bytes += piece.count
            guard bytes <= Self.questionBytesMax else {
                throw .tooLarge("the question has more than \(Self.questionBytesMax) bytes")
            }
            // The connection cuts off a client that stands still, so this is looked at in time.
            guard .now() < until else { throw .remote("the client sends too slowly") }
            pieces.append(piece)
        }
        return pieces
    }

    /// A question that has arrived, piece by piece as it came.
    private final class Question: Sendable {
        private let pieces: Mutex<ArraySlice<[UInt8]>>

        init(_ pieces: [[UInt8]]) {
            self.pieces = Mutex(pieces[...])
        }

        func next() -> [UInt8]? { pieces.withLock { $0.popFirst() } }
    }
}
