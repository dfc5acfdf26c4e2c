import EventLoop
import HTTP
import JSON
import Secrets
import Synchronization
import YAML

/// The description of this API, as it was written.
struct GetOpenAPIYAML: Operation {
    static let endpoint = Endpoint("getOpenAPIYAML", .get, "/openapi.yaml", for: .everybody)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        let library = call.services.library
        return .document(
            library.description,
            contentType: "application/yaml; charset=utf-8",
            tag: library.tag
        )
    }
}

/// The same in JSON.
struct GetOpenAPIJSON: Operation {
    static let endpoint = Endpoint("getOpenAPIJSON", .get, "/openapi.json", for: .everybody)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        let library = call.services.library
        let json = try await call.services.pool.run { () throws(YAMLFault) in
            try library.json()
        }
        return .document(json, contentType: MediaType.json.essence, tag: library.tag)
    }
}

/// The page that shows the description to people.
struct GetDocs: Operation {
    /// All that the page needs is inside it; it asks only this server for the description.
    private static let policy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    static let endpoint = Endpoint("getDocs", .get, "/docs", for: .everybody)

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        let library = call.services.library
        return Answer.document(
            library.page,
            contentType: "text/html; charset=utf-8",
            tag: library.pageTag
        )
        .with(.contentSecurityPolicy, Self.policy)
        .with(.referrerPolicy, "no-referrer")
    }
}

/// The files that are served as they are, with what follows from them.
package final class Library: Sendable {
    /// The bytes of `openapi.yaml`.
    let description: [UInt8]
    /// The page that shows it.
    let page: [UInt8]
    /// The version of the description.
    let tag: String
    /// The version of the page.
    let pageTag: String
    /// What `/v1` answers.
    let start: [UInt8]
    private let converted = Mutex<[UInt8]?>(nil)

    /// The files as the program of that version carries them.
    package init(description: [UInt8], page: [UInt8], version: String) {
        self.description = description
        self.page = page
        tag = Self.tag(of: description)
        pageTag = Self.tag(of: page)
        start = Self.start(version: version)
    }

    /// The description in JSON, made when it is first asked for.
    ///
    /// Blocks while it is made.
    func json() throws(YAMLFault) -> [UInt8] {
        if let known = converted.withLock({ $0 }) { return known }
        let json = try YAML.parse(description).serialized()
        converted.withLock { $0 = json }
        return json
    }

    private static func tag(of bytes: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(bytes).prefix(8)))
    }
}
