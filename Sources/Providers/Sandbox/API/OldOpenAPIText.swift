import JSON

/// OpenAPI v2 for kubectl before 1.27, which asks for it before it applies anything: a document
/// that describes no kind, so that nothing is refused by it.
struct OldOpenAPIText {
    /// The form that those kubectl take alone.
    private static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    private static let title = "Slipway sandbox"
    private static let version = "v1.34.0"

    /// The document in the form that `accept` asks for.
    func answer(accepting accept: String?) -> SandboxAnswer {
        guard let accept, accept.contains("protobuf") else {
            return SandboxAnswer(
                200,
                [
                    "swagger": "2.0",
                    "info": ["title": .string(Self.title), "version": .string(Self.version)],
                    "paths": [:],
                ]
            )
        }
        // openapi.v2.Document: swagger = 1, info = 2 {title = 1, version = 2}, paths = 8.
        let info = Self.field(1, Array(Self.title.utf8)) + Self.field(2, Array(Self.version.utf8))
        let document = Self.field(1, Array("2.0".utf8)) + Self.field(2, info) + Self.field(8, [])
        return SandboxAnswer(
            status: 200,
            headers: [("content-type", Self.protobuf)],
            body: .bytes(document)
        )
    }

    /// A length-delimited field of fewer than 128 bytes.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}
