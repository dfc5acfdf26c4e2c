import Domain
import EventLoop
package import HTTP
import JSON
import Routing

/// Answers every request: finds the operation, lets the caller in, reads the input, runs the
/// operation, and adds what all answers share.
///
/// One object, because the server takes hold of it for each request: a struct of so many parts is
/// dear to copy.
package final class APIHandler: RequestHandler {
    private let services: APIServices
    private let operations: [AnyOperation]
    private let routes: RouteTable
    private let gate: Gate
    private let issuer: RequestIDIssuer
    private let statistics: RequestStatistics
    private let refusals: RefusalLog

    /// Which operations a process answers.
    package enum Surface: Sendable { case all, health }

    /// - Throws: what is wrong with the table of operations.
    package init(_ services: APIServices, operations surface: Surface = .all) throws {
        self.services = services
        operations = surface == .all ? Operations.all : Operations.health
        routes = try RouteTable(
            operations.map {
                Route(
                    operation: $0.endpoint.operation,
                    method: $0.endpoint.method,
                    pattern: $0.endpoint.path
                )
            }
        )
        gate = Gate(services)
        issuer = RequestIDIssuer(seed: .random(in: .min ... .max))
        statistics = RequestStatistics(
            services.metrics,
            endpoints: operations.map(\.endpoint)
        )
        refusals = RefusalLog(services.storage, clock: services.clock)
    }

    /// The methods that some address answers.
    private static let methods: [Method] = [.delete, .get, .head, .options, .patch, .post, .put]

    /// Answers one request; runs on its loop.
    package func respond(to request: Request) async -> Response {
        let identity = RequestIdentity(of: request.headers, issuer: issuer)
        var line = RequestLine(request, identity)
        var response: Response
        switch routes.match(request) {
        case .found(let index, let path):
            line.endpoint = operations[index].endpoint
            response = await answer(request, operations[index], path, identity, &line)
            response.tag = index
        case .methodNotAllowed(let allow):
            response = refuse(request, allow, identity)
        case .notFound where request.method == .options && request.path == "*":
            // RFC 9110 §9.3.7: about the server as a whole.
            response = refuse(request, Self.methods, identity)
        case .notFound:
            response = Problem.notFound.response(requestID: identity.id)
        case .malformed:
            response = Problem.invalidPath.response(requestID: identity.id)
        }
        identity.sign(&response)
        if request.method == .head, case .stream = response.body { response.body = .empty }
        line.write(to: services.log, response)
        return response
    }

    /// Puts what the HTTP layer refused into the form of all problems.
    package func answer(to fault: RequestFault, from peer: String) -> Response {
        Problem(refusing: fault).response(requestID: issuer.next())
    }

    /// Counts an exchange that is over.
    package func ended(_ exchange: Exchange) {
        statistics.count(exchange)
    }

    /// Waits until everything that was refused so far is in the audit log; for shutdown and tests.
    package func settle() async {
        await refusals.flush()
    }

    /// OPTIONS is answered for every path; other methods get 405.
    private func refuse(
        _ request: Request,
        _ allow: [Method],
        _ identity: RequestIdentity
    ) -> Response {
        if request.method == .options {
            return Response(status: .noContent, headers: [.allow: Problem.list(allow)])
        }
        let problem = Problem(
            .methodNotAllowed,
            "This address answers \(Problem.list(allow)).",
            allow: allow
        )
        return problem.response(requestID: identity.id)
    }

    private func answer(
        _ request: Request,
        _ operation: AnyOperation,
        _ path: PathValues,
        _ identity: RequestIdentity,
        _ line: inout RequestLine
    ) async -> Response {
        let endpoint = operation.endpoint
        let admission: Gate.Admission
        do {
            if let known = try gate.admit(request, to: endpoint) {
                admission = known
            } else {
                admission = try await gate.admitStranger(request, to: endpoint)
            }
        } catch {
            line.caller = error.caller
            let subject = RefusalLog.Subject(request, endpoint, path, identity, error.caller)
            refusals.note(error.problem, subject)
            return refusal(error.problem, request, endpoint, identity, error.rate)
        }
        line.caller = admission.caller
        let place =
            endpoint.conventions.contains(.delivers)
            ? services.deliveries.place(for: request.peer) : nil
        // Held until what is answered no longer needs the body.
        defer { withExtendedLifetime(place) {} }
        do {
            let isBare = endpoint.body == .none && request.body.length == 0
            let bytes =
                isBare
                ? [] : try await BodyReader.read(request, as: endpoint.body, in: place)
            let call = try Invocation(
                services: services,
                request: request,
                endpoint: endpoint,
                path: path,
                identity: identity,
                caller: admission.caller,
                bytes: bytes
            )
            let answer = try await answer(call, bytes, operation)
            if endpoint.conventions.contains(.revokes) { gate.forget() }
            return answer.response(
                to: call,
                admission.rate,
                policy: admission.policy
            )
        } catch {
            let problem = Problem(explaining: error)
            line.note(error, problem)
            let subject = RefusalLog.Subject(request, endpoint, path, identity, admission.caller)
            refusals.note(problem, subject)
            return refusal(problem, request, endpoint, identity, admission.rate)
        }
    }

    private func answer(
        _ call: Invocation,
        _ bytes: [UInt8],
        _ operation: AnyOperation
    ) async throws -> Answer {
        guard call.idempotencyKey != nil else {
            return try await operation.answer(try Self.inputs(call, bytes))
        }
        return try await Repetition(call).answer {
            try await operation.answer(try Self.inputs(call, bytes))
        }
    }

    private static func inputs(_ call: Invocation, _ bytes: [UInt8]) throws(Problem) -> Inputs {
        switch call.endpoint.body {
        case .none, .form, .raw, .stream: Inputs(call: call, body: .null, bytes: bytes)
        case .json, .mergePatch:
            Inputs(call: call, body: try BodyReader.parse(bytes), bytes: bytes)
        }
    }

    private func refusal(
        _ problem: Problem,
        _ request: Request,
        _ endpoint: Endpoint,
        _ identity: RequestIdentity,
        _ rate: RateLimiter.Verdict?
    ) -> Response {
        var response =
            endpoint.conventions.contains(.portal)
            ? problem.portalResponse(to: request, requestID: identity.id)
            : endpoint.conventions.contains(.broker)
                ? problem.brokerResponse(to: request, requestID: identity.id)
                : problem.response(requestID: identity.id)
        if problem.kind == .unauthenticated {
            let scheme = endpoint.conventions.contains(.passwords) ? "Basic" : "Bearer"
            response.headers.add(.wwwAuthenticate, "\(scheme) realm=\"slipway\"")
        }
        if let rate { response.headers.add(.rateLimit, rate.field) }
        return response
    }
}
