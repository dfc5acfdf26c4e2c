import Domain
import HTTP
import JSON
import Storage

/// The last lines of an environment's containers, read from its cluster now.
struct GetEnvironmentLogs: Operation {
    static let endpoint = Endpoint.reading(
        "getEnvironmentLogs",
        "/v1/tenants/{tenant}/environments/{environment}/logs",
        .readLogs,
        parameters: ["pod", "container", "tailLines", "sinceSeconds", "previous"]
    )

    private let tenant: TenantName
    private let name: EnvironmentName
    private let wish: LogWish

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        let usual = LogWish()
        wish = LogWish(
            pod: try inputs.filter("pod", Reading.text(1...253)),
            container: try inputs.filter("container", Reading.text(1...63)),
            lines: try inputs.number("tailLines", 1...LogWish.linesMax) ?? usual.lines,
            seconds: try inputs.number("sinceSeconds", 1...LogWish.secondsMax),
            isPrevious: try inputs.flag("previous")
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.environments.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let environment = try found?.environment() else { throw Problem.notFound }
        let logs = try await call.services.environments.logs(wish, environment)
        var answer =
            MediaType.json.isAskedFor(by: call.request.headers)
            ? Answer.json(.ok, Self.json(logs))
            : .document(Self.text(logs), contentType: "text/plain; charset=utf-8")
        answer.isSecret = true
        return answer
    }

    private static func json(_ logs: EnvironmentLogs) -> [UInt8] {
        var writer = JSONWriter(reserving: 4_096)
        writer.object { writer in
            writer.member("namespace", logs.namespace)
            writer.key("logs")
            writer.array(logs.logs) { $1.write(to: &$0) }
            writer.member("more", logs.isCut)
        }
        return writer.finish()
    }

    /// One line for each that a container wrote; what is said about the log begins with `#`.
    private static func text(_ logs: EnvironmentLogs) -> [UInt8] {
        var text = ""
        for log in logs.logs {
            let place = "\(log.pod)/\(log.container)"
            if let missing = log.missing { text += "# [\(place)] \(missing)\n" }
            for line in log.lines { text += "[\(place)] \(line)\n" }
        }
        if logs.logs.isEmpty { text += "# No such pod is in namespace \(logs.namespace).\n" }
        if logs.isCut { text += "# There is more: ask for one pod, or for fewer lines.\n" }
        return Array(text.utf8)
    }
}

extension Inputs {
    /// A query parameter that is a whole number within bounds; nil where it is left out.
    func number(_ name: String, _ bounds: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = call.query[name] else { return nil }
        guard let number = Int(digits: text), bounds.contains(number) else {
            let detail = "Expected \(bounds.lowerBound) to \(bounds.upperBound)."
            throw .invalidQuery([.query(name, "out-of-range", detail)])
        }
        return number
    }
}
