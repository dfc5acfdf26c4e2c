/// What the server calls for each request.
///
/// Runs on the loop of the request's connection, in its task, which is cancelled when the client
/// goes away.
package protocol RequestHandler: Sendable {
    /// Answers `request`.
    func respond(to request: Request) async -> Response

    /// The answer to bytes that are no acceptable request; the server adds `Connection: close`.
    func answer(to fault: RequestFault, from peer: String) -> Response

    /// Learns that the last byte of an answer was handed to the kernel, or that the client was
    /// gone before. Called on the loop; must not block.
    func ended(_ exchange: Exchange)
}

/// One request, its answer, and how that went.
package struct Exchange: Sendable {
    /// How the answer ended.
    package enum Outcome: Sendable, Hashable {
        /// All of it was handed to the kernel or waits in the connection's buffer.
        case sent
        /// The client went away or the stream failed.
        case cutOff
    }

    /// What was asked; nil where the bytes were refused before they became a request.
    package let request: Request?
    /// Why they were refused.
    package let fault: RequestFault?
    /// The other side's address as text.
    package let peer: String
    /// The status that was sent.
    package let status: Status
    /// The response's `tag`.
    package let tag: Int
    /// Bytes of the response's body.
    package let bodyBytes: Int
    /// From the complete head of the request to the end of the answer.
    package let duration: Duration
    /// How it ended.
    package let outcome: Outcome
}

extension RequestHandler {
    /// A problem document (RFC 9457) in its plainest form.
    package func answer(to fault: RequestFault, from peer: String) -> Response {
        // No text in a fault comes from the client, so nothing needs escaping.
        let document = """
            {"title":"\(fault.status.reason)","status":\(fault.status.code),\
            "code":"\(fault.code)","detail":"\(fault.detail)"}
            """
        return Response(
            status: fault.status,
            headers: [.contentType: "application/problem+json"],
            body: .bytes(Array(document.utf8))
        )
    }

    /// Does nothing.
    package func ended(_ exchange: Exchange) {}
}
