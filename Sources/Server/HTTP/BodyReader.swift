/// Finds a request's body in the bytes that follow its head, by either framing.
struct BodyReader: Sendable, Equatable {
    private enum Stage: Equatable {
        case length(remaining: Int)
        case chunked(ChunkedDecoder)
    }

    private var stage: Stage

    init(_ framing: RequestHead.Framing, trailerBytesMax: Int) {
        stage =
            switch framing {
            case .none: .length(remaining: 0)
            case .length(let count): .length(remaining: count)
            case .chunked: .chunked(ChunkedDecoder(trailerBytesMax: trailerBytesMax))
            }
    }

    /// Looks at `bytes`, which follow what was consumed before.
    mutating func next(_ bytes: UnsafeRawBufferPointer) -> BodyStep {
        switch stage {
        case .length(0):
            return .end(consumed: 0)
        case .length(let remaining):
            guard !bytes.isEmpty else { return .partial(consumed: 0) }
            let count = min(remaining, bytes.count)
            stage = .length(remaining: remaining - count)
            return .data(0..<count)
        case .chunked(var decoder):
            let step = decoder.next(bytes)
            stage = .chunked(decoder)
            return step
        }
    }
}
