import Domain
import HTTP
import JSON
import Secrets
import Storage

/// What every call of an Open Service Broker client has in common (version 2.17).
struct BrokerCall: Sendable {
    /// The major version that is spoken.
    private static let major = "2"

    let instance: String
    /// The platform's id of the binding; empty where the call is about the instance.
    let binding: String
    /// Whether the platform can wait for the end of the work.
    private let takesIncomplete: Bool
    /// Who asks on the platform, as it says.
    let originator: String?
    private let identity: String?

    /// Reads the path, the query and the headers.
    init(reading inputs: Inputs, bindings: Bool = false) throws(Problem) {
        try Self.checkVersion(inputs.call.request.headers)
        instance = try Self.id(inputs.path("instance"))
        binding = bindings ? try Self.id(inputs.path("serviceBinding")) : ""
        takesIncomplete = inputs.call.query["accepts_incomplete"] == "true"
        originator = try Self.originator(in: inputs.call.request.headers)
        identity = inputs.call.request.headers[.brokerRequestIdentity]
    }

    /// Refuses another major version, with 412 as the specification says.
    static func checkVersion(_ headers: HeaderFields) throws(Problem) {
        guard let version = headers[.brokerAPIVersion] else { return }
        let parts = version.split(separator: ".").map(String.init)
        guard parts.count == 2, parts[0] == major, Int(digits: parts[1]) != nil else {
            throw Problem(
                .preconditionFailed,
                "This broker speaks version 2.17; `X-Broker-API-Version` is \(version.prefix(20))."
            )
        }
    }

    private static func id(_ text: String) throws(Problem) -> String {
        guard (1...BrokerEntry.idLengthMax).contains(text.unicodeScalars.count) else {
            throw Problem(
                .malformedRequest,
                "An id has 1 to \(BrokerEntry.idLengthMax) characters."
            )
        }
        return text
    }

    /// `<platform> <base64 of a JSON object>`, as text.
    private static func originator(in headers: HeaderFields) throws(Problem) -> String? {
        guard let field = headers[.brokerOriginatingIdentity] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let bytes = Base64.decode(parts[1]),
            // What is no JSON is no identity.
            let value = try? JSON.parse(bytes), value.object != nil,
            case let text = "\(parts[0]) \(value.text)",
            text.unicodeScalars.count <= BrokerEntry.originatorLengthMax
        else {
            throw Problem(
                .malformedRequest,
                "`X-Broker-API-Originating-Identity` is a platform and the Base64 of a JSON object."
            )
        }
        return text
    }

    /// Refuses a platform that cannot wait: everything here is done by jobs.
    func requireIncomplete() throws(Problem) {
        guard takesIncomplete else {
            throw Problem(
                .asyncRequired,
                "This broker works asynchronously only; send `accepts_incomplete=true`."
            )
        }
    }

    /// The entry, if the caller may see it.
    func entry(_ call: Invocation, binding: String? = nil) async throws -> BrokerEntry? {
        let found = try await call.services.storage.broker.find(
            instance: instance,
            binding: binding ?? self.binding
        )
        guard let found, call.access.tenant ?? found.tenant == found.tenant else { return nil }
        return found
    }

    /// The service of an entry; nil where it is gone.
    func service(_ entry: BrokerEntry, _ call: Invocation) async throws -> StoredService? {
        let services = call.services.storage.services
        return try await services.find(entry.subject.cast(), as: call.access)
    }

    /// The answer, with the platform's own id of the request.
    func sign(_ answer: Answer) -> Answer { answer.signed(identity) }

    /// That the work is under way.
    func accepted(_ job: JobID?) -> Answer {
        var writer = JSONWriter(reserving: 64)
        writer.object { writer in
            if let job { writer.member("operation", job.description) }
        }
        return sign(.json(.accepted, writer.finish()))
    }

    /// That there is nothing to do, or nothing left.
    func done(_ status: Status = .ok) -> Answer { sign(.json(status, Array("{}".utf8))) }

    /// How an operation stands.
    func state(_ state: BrokerState) -> Answer {
        var writer = JSONWriter(reserving: 256)
        writer.object { writer in
            writer.member("state", state.word)
            writer.member("description", ifPresent: state.description)
        }
        let answer = sign(.json(.ok, writer.finish()))
        return state.isUnderWay ? answer.with(.retryAfter, "5") : answer
    }
}

/// How an operation of a broker stands.
enum BrokerState {
    case inProgress(String?)
    case succeeded
    case failed(String?)

    var word: String {
        switch self {
        case .inProgress: "in progress"
        case .succeeded: "succeeded"
        case .failed: "failed"
        }
    }

    var description: String? {
        switch self {
        case .inProgress(let text), .failed(let text): text
        case .succeeded: nil
        }
    }

    var isUnderWay: Bool { if case .inProgress = self { true } else { false } }
}

extension ServiceInstance {
    /// How what was asked for last stands.
    var brokerState: BrokerState {
        let why = status.conditions.first { $0.type == Self.delivered }?.message
        if status.phase == .deleting {
            return status.isInterrupted
                ? .failed("The removal has stopped; its job says why.")
                : .inProgress(status.waiting.map { "waiting for \($0.on)" })
        }
        if status.coming != nil {
            return .inProgress(status.waiting.map { "waiting for \($0.on)" })
        }
        if status.leftover != nil || status.live == nil { return .failed(why) }
        return .succeeded
    }
}

extension ServiceBinding {
    /// How what was asked for last stands.
    var brokerState: BrokerState {
        let why = status.conditions.first { $0.type == Self.issued }?.message
        switch status.phase {
        case .revoking where status.isInterrupted:
            return .failed("The revocation has stopped; its job says why.")
        case .pending, .issuing, .revoking:
            return .inProgress(status.waiting.map { "waiting for \($0.on)" })
        case .failed: return .failed(why)
        case .ready, .rotating: return .succeeded
        }
    }
}

extension Answer {
    /// The answer with that id of the request; the same where there is none.
    func signed(_ identity: String?) -> Answer {
        identity.map { with(.brokerRequestIdentity, $0) } ?? self
    }
}

extension HeaderName {
    static let brokerAPIVersion = HeaderName("X-Broker-API-Version")
    static let brokerOriginatingIdentity = HeaderName("X-Broker-API-Originating-Identity")
    static let brokerRequestIdentity = HeaderName("X-Broker-API-Request-Identity")
}
