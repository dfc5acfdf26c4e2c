/// A bearer token in the one form that callers hold: `slp_`, a letter for its kind, 30 random
/// base62 characters (178 bits), and 6 of checksum.
///
/// The prefix lets scanners find leaks; the checksum refuses typing errors and inventions without
/// a look at the database. Only `hash` is ever stored. A token never prints itself.
package struct Token: Sendable {
    /// Who holds a token of this kind.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A person, at a terminal or in a portal.
        case person = 0x70
        /// A program: CI, a portal's backend, a robot.
        case service = 0x73
        /// The administrator of a fresh installation.
        case root = 0x72
    }

    /// Why a text is no token.
    package enum Fault: Error, Equatable {
        /// It does not look like one of ours.
        case malformed
        /// It looks like one, but a character is wrong or it was made up.
        case checksum
    }

    /// Random characters: 30 × log2(62) = 178 bits.
    static let randomCount = 30
    static let checksumCount = 6
    /// Characters of a whole token.
    package static let characterCount = 5 + randomCount + checksumCount

    /// Who holds it.
    package let kind: Kind
    private let secret: SecretBytes

    /// A new token from `random`.
    package static func generate(
        _ kind: Kind,
        using random: inout some RandomNumberGenerator
    ) -> Token {
        var text = Array("slp_".utf8) + [kind.rawValue]
        for _ in 0..<randomCount {
            text.append(Base62.digits[Int.random(in: 0..<62, using: &random)])
        }
        text += Base62.encode(CRC32.checksum(text), count: checksumCount)
        return Token(kind: kind, secret: SecretBytes(text))
    }

    /// A new token from the system's generator.
    package static func generate(_ kind: Kind) -> Token {
        var random = SecureRandom()
        return generate(kind, using: &random)
    }

    private init(kind: Kind, secret: SecretBytes) {
        self.kind = kind
        self.secret = secret
    }

    /// Reads the text of a token.
    package init(parsing text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.characterCount, bytes.starts(with: "slp_".utf8),
            let kind = Kind(rawValue: bytes[4]), bytes[5...].allSatisfy(Base62.isDigit)
        else { throw .malformed }
        let body = bytes.dropLast(Self.checksumCount)
        let expected = Base62.encode(CRC32.checksum(body), count: Self.checksumCount)
        guard bytes.suffix(Self.checksumCount).elementsEqual(expected) else { throw .checksum }
        self.init(kind: kind, secret: SecretBytes(bytes))
    }

    /// The text, to be shown once to whoever asked for it, or sent to a server.
    package func revealedText() -> String { secret.revealedText() }

    /// The 32 bytes of SHA-256 under which the token is stored and found.
    ///
    /// No salt and no slow hash are needed for 178 random bits.
    package var hash: [UInt8] { SHA256.hash(secret.revealed()) }

    /// The first characters, enough to tell tokens apart in a list: `slp_pAb3x`.
    package var hint: String { String(decoding: secret.revealed().prefix(9), as: UTF8.self) }
}

extension Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "slp_\(Character(Unicode.Scalar(kind.rawValue)))…" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Digits, upper case, lower case: 62 characters that no shell, URL or header needs to quote.
enum Base62 {
    static let digits = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
    )

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// `value` in exactly `count` digits, the most significant first.
    static func encode(_ value: UInt32, count: Int) -> [UInt8] {
        var rest = value
        var text = [UInt8](repeating: digits[0], count: count)
        for place in text.indices.reversed() {
            text[place] = digits[Int(rest % 62)]
            rest /= 62
        }
        return text
    }
}
