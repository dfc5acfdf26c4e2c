/// The identity of one thing: a UUID of version 7 (RFC 9562 §5.7), so that new ones sort last.
///
/// `Subject` keeps the id of a tenant from being passed where that of a job is meant.
package struct ID<Subject>: Sendable, Hashable {
    /// The first eight bytes, most significant first.
    package let high: UInt64
    /// The last eight bytes, most significant first.
    package let low: UInt64

    /// The id of sixteen bytes that are already known to be one.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new id: milliseconds of `moment` in front, 74 bits from `random` behind.
    package init(at moment: Instant, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, moment.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
        let bits: UInt64 = random.next()
        high = milliseconds << 16 | 0x7000 | bits & 0x0FFF
        let tail: UInt64 = random.next()
        low = 0x8000_0000_0000_0000 | tail & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// The same sixteen bytes as the id of something else; for references that name any kind.
    package func cast<Other>(to other: Other.Type = Other.self) -> ID<Other> {
        ID<Other>(high: high, low: low)
    }
}

/// Why a text is no id: it is not 32 hexadecimal digits in groups of 8-4-4-4-12.
package struct IDFault: Error, Equatable {
    /// The only fault there is.
    package init() {}
}

extension ID {
    /// Reads the text form of RFC 9562 §4; upper and lower case are the same.
    package init(parsing text: some StringProtocol) throws(IDFault) {
        var halves: (UInt64, UInt64) = (0, 0)
        var offset = 0
        for byte in text.utf8 {
            defer { offset += 1 }
            if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                guard byte == UInt8(ascii: "-") else { throw IDFault() }
                continue
            }
            guard offset < 36, let digit = Self.value(ofDigit: byte) else { throw IDFault() }
            if offset < 18 {
                halves.0 = halves.0 << 4 | digit
            } else {
                halves.1 = halves.1 << 4 | digit
            }
        }
        guard offset == 36 else { throw IDFault() }
        self.init(high: halves.0, low: halves.1)
    }

    private static func value(ofDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension ID: CustomStringConvertible {
    /// The 36 characters of RFC 9562 §4, in lower case.
    package var description: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The text form as bytes, for writers that need no `String`.
    package var bytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                text.append(UInt8(ascii: "-"))
            }
            let word = nibble < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - nibble % 16 * 4) & 0xF)
            text.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
        return text
    }
}

extension ID: Comparable {
    /// Compares bytewise, which for ids made by one clock is the order of their making.
    package static func < (left: ID, right: ID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The identity of a tenant.
package typealias TenantID = ID<Tenant>
/// The identity of a blueprint.
package typealias BlueprintID = ID<Blueprint>
/// The identity of a durable job.
package typealias JobID = ID<Job>
/// The identity of an event, its CloudEvents `id`.
package typealias EventID = ID<Event>
/// The identity of an access token; not the secret.
package typealias TokenID = ID<AccessToken>
