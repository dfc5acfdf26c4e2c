package import EventLoop

/// How much one client does at once, and where it goes.
package struct LaneLimits: Sendable, Equatable {
    /// Requests under way at once.
    package var transfersMax = 1_024
    /// Connections to one host and port; HTTP/2 carries many requests on each.
    package var connectionsPerHostMax = 4
    /// Connections altogether, open ones without work included.
    package var connectionsMax = 256
    /// Where they may lead.
    package var addresses = AddressLimits.all

    /// The defaults.
    package init() {}
}

/// Sends requests to other servers over HTTP/1.1 and HTTP/2, on the loop it is made for.
///
/// One client is one lane: its requests share connections, and those of another client do not
/// stand behind them. Redirects are not followed, proxies and `.netrc` are not used. Closed before
/// it is dropped.
package final class OutboundClient: Sendable {
    private let multi: Multi
    private let addresses: AddressLimits

    /// A client without connections.
    package init(on loop: EventLoop, limits: LaneLimits = LaneLimits()) {
        multi = Multi(on: loop, limits: limits)
        addresses = limits.addresses
    }

    /// Sends a request and collects the answer, whatever its status.
    ///
    /// - Throws: `.tooLarge` where the answer is larger than the request's limits allow.
    package func send(_ request: OutboundRequest) async throws(OutboundFault) -> OutboundResponse {
        let answer = try await open(request)
        var body: [UInt8] = []
        while let bytes = try await answer.next() {
            guard body.count + bytes.count <= request.limits.answerBytesMax else {
                throw .tooLarge(limit: request.limits.answerBytesMax)
            }
            body += bytes
        }
        return OutboundResponse(head: answer.head, body: body)
    }

    /// Sends a request and returns as soon as the head of the answer is there.
    package func open(_ request: OutboundRequest) async throws(OutboundFault) -> OutboundAnswer {
        let transfer = try Transfer(request, within: addresses)
        let multi = multi
        let head = try await multi.givingUp(transfer) {
            (reader: Wakeup<OutboundHead, OutboundFault>) in
            multi.onLoop {
                multi.begin(transfer)
                transfer.readHead(reader)
            }
        }
        return OutboundAnswer(head: head, transfer, multi)
    }

    /// Ends everything under way as `.cancelled` and closes the connections.
    package func close() async {
        let multi = multi
        await Wakeup<Void, Never>.wait { wakeup in
            multi.onLoop {
                multi.close()
                wakeup.resume()
            }
        }
    }
}

/// An answer whose content is read piece by piece; the server is held back while nobody reads.
///
/// What is not read to its end is broken off when the value goes away.
package final class OutboundAnswer: Sendable {
    /// Status and header fields.
    package let head: OutboundHead
    private let transfer: Transfer
    private let multi: Multi

    init(head: OutboundHead, _ transfer: Transfer, _ multi: Multi) {
        self.head = head
        self.transfer = transfer
        self.multi = multi
    }

    deinit {
        let (transfer, multi) = (transfer, multi)
        multi.onLoop { multi.abandon(transfer, .cancelled) }
    }

    /// What has come since the last call, as soon as there is something; nil at the end.
    ///
    /// Called by one task at a time.
    package func next() async throws(OutboundFault) -> [UInt8]? {
        let (transfer, multi) = (transfer, multi)
        return try await multi.givingUp(transfer) { (reader: Wakeup<[UInt8]?, OutboundFault>) in
            multi.onLoop {
                transfer.readBytes(reader)
                if transfer.canGoOn { multi.resume(transfer) }
            }
        }
    }
}

extension Multi {
    /// Waits for something about a transfer, and ends it where the task is cancelled meanwhile.
    func givingUp<Value: Sendable>(
        _ transfer: Transfer,
        _ body: (Wakeup<Value, OutboundFault>) -> Void
    ) async throws(OutboundFault) -> Value {
        let result: Result<Value, OutboundFault> = await withTaskCancellationHandler {
            do throws(OutboundFault) {
                return .success(try await Wakeup<Value, OutboundFault>.wait(body))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            loop.execute { self.abandon(transfer, .cancelled) }
        }
        return try result.get()
    }
}
