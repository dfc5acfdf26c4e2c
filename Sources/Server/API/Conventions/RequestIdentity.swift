import HTTP
import Secrets
import Synchronization

/// Under which id and in which trace a request is logged.
struct RequestIdentity: Sendable, Hashable {
    /// The most characters of an id that a caller may choose.
    static let lengthMax = 128

    /// The caller's `X-Request-Id` where it is well formed, else a new one.
    let id: String
    /// The `traceparent` to answer: the caller's trace with a span of our own; nil without one.
    let traceparent: String?

    init(of headers: HeaderFields, issuer: RequestIDIssuer) {
        let sent = headers[.requestID]
        id = sent.flatMap { Self.isAcceptable($0) ? $0 : nil } ?? issuer.next()
        traceparent = headers[.traceparent].flatMap { Self.continuing($0, issuer: issuer) }
    }

    /// Visible ASCII without quotes, commas and semicolons, so that it is safe in any log.
    static func isAcceptable(_ text: String) -> Bool {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= lengthMax else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"),
                UInt8(ascii: "+"), UInt8(ascii: "="):
                true
            default: false
            }
        }
    }

    /// W3C Trace Context §3.2: `00-` trace `-` parent `-` flags; anything else is ignored.
    static func continuing(_ text: String, issuer: RequestIDIssuer) -> String? {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count == 55, bytes.starts(with: "00-".utf8), bytes[35] == dash,
            bytes[52] == dash, isHex(bytes[3..<35]), isHex(bytes[36..<52]), isHex(bytes[53...]),
            bytes[3..<35].contains(where: { $0 != UInt8(ascii: "0") }),
            bytes[36..<52].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        let head = String(decoding: bytes[..<36], as: UTF8.self)
        return head + issuer.next().suffix(16) + String(decoding: bytes[52...], as: UTF8.self)
    }

    private static func isHex(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }
}

/// Makes request ids: 64 random bits of the process, then a counter spread over 64 bits.
final class RequestIDIssuer: Sendable {
    private let seed: UInt64
    private let count = Atomic<UInt64>(0)

    init(seed: UInt64) {
        self.seed = seed
    }

    func next() -> String {
        // An odd multiplier maps the counter one to one onto 64 bits; the ids do not look alike.
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
        return unsafe String(unsafeUninitializedCapacity: 32) { text in
            for place in 0..<16 {
                unsafe text[place] = Self.digit(place, of: seed)
                unsafe text[16 + place] = Self.digit(place, of: number)
            }
            return 32
        }
    }

    /// The hexadecimal digit at `place`, from 0 for the most significant one.
    private static func digit(_ place: Int, of value: UInt64) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - place * 4) & 0xF)
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
