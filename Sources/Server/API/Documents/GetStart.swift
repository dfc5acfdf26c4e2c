import HTTP
import JSON

/// Where a client begins: which server this is, and where its parts are.
struct GetStart: Operation {
    /// Callers are not counted: the answer costs less than a refusal.
    static let endpoint = Endpoint("getStart", .get, "/v1", for: .everybody, [.unlimited])

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        .json(.ok, call.services.library.start)
    }
}

extension Library {
    /// The document about the server of that version.
    static func start(version: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", "slipway")
            writer.member("version", version)
            writer.key("links")
            writer.object { links in
                links.member("description", "/openapi.json")
                links.member("docs", "/docs")
                links.member("me", "/v1/me")
                links.member("tenants", "/v1/tenants")
                links.member("blueprints", "/v1/blueprints")
                links.member("jobs", "/v1/jobs")
                links.member("events", "/v1/events")
            }
        }
        return writer.finish()
    }
}
