import HTTP
import Secrets

/// What a request shows to say who is calling.
///
/// Never printed.
enum Credentials: Sendable {
    /// Nothing.
    case none
    /// A text that may be a token.
    case token(String)
    /// Something that cannot be read.
    case malformed

    /// Reads `Authorization`: Bearer (RFC 6750 §2.1), and where `passwords` are taken Basic (RFC
    /// 7617), whose password is the token.
    ///
    /// Nothing is ever read from the query.
    init(of headers: HeaderFields, passwords: Bool) {
        guard let field = headers[.authorization] else {
            self = .none
            return
        }
        guard headers.values(of: .authorization).count == 1,
            let blank = field.utf8.firstIndex(of: UInt8(ascii: " "))
        else {
            self = .malformed
            return
        }
        let scheme = field[..<blank].lowercased()
        let rest = String(field[blank...].drop { $0 == " " })
        switch scheme {
        case "bearer": self = .token(rest)
        case "basic" where passwords: self = Self.password(in: rest)
        default: self = .malformed
        }
    }

    private static func password(in text: String) -> Credentials {
        guard let bytes = Base64.decode(text),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let password = String(validating: bytes[(colon + 1)...], as: UTF8.self)
        else { return .malformed }
        return .token(password)
    }
}
