/// A request method (RFC 9110 §9); case matters.
package enum Method: Sendable, Hashable {
    case get, head, post, put, patch, delete, options
    /// Any other token, as it was sent.
    case other(String)

    /// The method that `name` names.
    package init(_ name: String) {
        switch name {
        case "GET": self = .get
        case "HEAD": self = .head
        case "POST": self = .post
        case "PUT": self = .put
        case "PATCH": self = .patch
        case "DELETE": self = .delete
        case "OPTIONS": self = .options
        default: self = .other(name)
        }
    }

    /// The method as it is sent.
    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other(let name): name
        }
    }

    /// The method in `bytes`, which have been checked to be a token.
    init(token bytes: UnsafeRawBufferPointer) {
        switch (bytes.count, bytes[0]) {
        case (3, UInt8(ascii: "G")) where bytes.equals("GET"): self = .get
        case (3, UInt8(ascii: "P")) where bytes.equals("PUT"): self = .put
        case (4, UInt8(ascii: "P")) where bytes.equals("POST"): self = .post
        case (4, UInt8(ascii: "H")) where bytes.equals("HEAD"): self = .head
        case (5, UInt8(ascii: "P")) where bytes.equals("PATCH"): self = .patch
        case (6, UInt8(ascii: "D")) where bytes.equals("DELETE"): self = .delete
        case (7, UInt8(ascii: "O")) where bytes.equals("OPTIONS"): self = .options
        default: self = .other(String(decoding: bytes, as: UTF8.self))
        }
    }
}
