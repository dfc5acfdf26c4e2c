import Domain
import EventLoop
import HTTP
import Logging
import Telemetry

/// What the log says of one request: one line, written when its answer is ready.
struct RequestLine {
    private let request: Request
    private let identity: RequestIdentity
    var endpoint: Endpoint?
    var caller: Principal?
    private var fault: String?

    init(_ request: Request, _ identity: RequestIdentity) {
        self.request = request
        self.identity = identity
    }

    /// Keeps the reason of an internal error: the caller is told only the request id.
    mutating func note(_ error: any Error, _ problem: Problem) {
        guard problem.kind == .internalError else { return }
        fault = "\(error)"
    }

    func write(to sink: LogSink?, _ response: Response) {
        sink?.write(fault == nil ? .info : .error, "request") { line in
            line.field("request_id", identity.id)
            line.field("method", request.method.name)
            if let endpoint {
                line.field("operation", endpoint.operation)
                line.field("route", endpoint.path)
            }
            line.field("status", response.status.code)
            line.field("duration_us", MonotonicTime.now() - request.receivedAt)
            line.field("peer", request.peer)
            if let caller { line.field("caller", caller.name) }
            line.field("traceparent", ifPresent: identity.traceparent)
            line.field("error", ifPresent: fault)
        }
    }
}
