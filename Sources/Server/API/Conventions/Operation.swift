import HTTP
import JSON
import Routing

/// One operation of openapi.yaml: who may call it where, what it reads, and what it does.
///
/// `init(reading:)` turns the request into checked values and says everything that is wrong with
/// it at once; `answer` never checks again. Errors that `answer` throws become problems in one
/// place, `Problem(explaining:)`.
protocol Operation: Sendable {
    /// Where it is and what it takes part in.
    static var endpoint: Endpoint { get }

    /// Reads the input of a call.
    init(reading inputs: Inputs) throws(Problem)

    /// Does it.
    func answer(_ call: Invocation) async throws -> Answer
}

/// What an operation reads its input from.
struct Inputs {
    let call: Invocation
    /// The body where the endpoint takes JSON; `null` elsewhere.
    let body: JSON
    /// The bytes of the body as they came.
    let bytes: [UInt8]

    /// The part of the path called `name`.
    func path(_ name: String) -> String {
        guard let value = call.path[name] else {
            preconditionFailure("\(call.endpoint.operation) has no path parameter \(name)")
        }
        return value
    }

    /// Whether the caller only wants the plan.
    func isDryRun() throws(Problem) -> Bool {
        try flag("dryRun")
    }

    /// A query parameter that is `true` or `false`, false where it is left out.
    func flag(_ name: String) throws(Problem) -> Bool {
        switch call.query[name] {
        case nil, "false": return false
        case "true": return true
        default:
            throw .invalidQuery([.query(name, "unknown-value", "Expected true or false.")])
        }
    }

    /// Reads the body as an object, and throws all its faults together.
    func read<Value>(
        takingNull: Bool = false,
        _ read: (inout ObjectReader) -> Value?
    ) throws(Problem) -> Value {
        let collector = FaultCollector()
        var reader = ObjectReader(body: body, collector, takesNull: takingNull)
        let value = read(&reader)
        if body.object != nil { reader.refuseUnknown() }
        try collector.throwIfAny()
        guard let value else {
            preconditionFailure("\(call.endpoint.operation) refused its input without a fault")
        }
        return value
    }
}

/// An operation without its type, as the table of operations holds it.
struct AnyOperation: Sendable {
    let endpoint: Endpoint
    let answer: @Sendable (Inputs) async throws -> Answer

    init<Some: Operation>(_ type: Some.Type) {
        endpoint = type.endpoint
        answer = { inputs in
            try await Some(reading: inputs).answer(inputs.call)
        }
    }
}
