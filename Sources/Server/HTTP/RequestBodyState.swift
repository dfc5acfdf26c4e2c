/// How far the body of the request under way has been read.
struct RequestBodyState {
    enum Progress: Equatable {
        case reading(BodyReader)
        case complete
        case failed(BodyFault)
    }

    var progress = Progress.complete
    /// Whether the client waits to be told to send it.
    var awaitsContinue = false
    /// Whether the handler has asked for it.
    var wasRead = false
    var bytes = 0
    /// The whole length, where it was announced.
    var announced: Int?
    var budget: TransferBudget

    init(limits: ServerLimits) {
        budget = TransferBudget(limits: limits)
    }

    init(_ head: RequestHead, limits: ServerLimits) {
        budget = TransferBudget(limits: limits)
        switch head.framing {
        case .none: announced = 0
        case .length(let length): announced = length
        case .chunked: announced = nil
        }
        guard head.framing != .none else { return }
        awaitsContinue = head.expectsContinue
        progress = .reading(BodyReader(head.framing, trailerBytesMax: limits.headBytesMax))
    }
}
