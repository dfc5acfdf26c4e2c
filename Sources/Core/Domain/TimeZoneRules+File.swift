/// Why bytes are no rules of a time zone: they are not a TZif file of version 2 or later.
package struct TimeZoneFault: Error, Equatable {
    /// The only fault there is.
    package init() {}
}

extension TimeZoneRules {
    /// The most bytes of one zone's file; the biggest of today's has some 3,500.
    package static let fileBytesMax = 65_536

    /// Reads a TZif file (RFC 9636 §3): its second block, with 64-bit times, and the footer.
    package init(parsing file: [UInt8]) throws(TimeZoneFault) {
        guard file.count <= Self.fileBytesMax else { throw TimeZoneFault() }
        var reader = BigEndianReader(file)
        let first = try ZoneHeader(&reader)
        guard first.version >= UInt8(ascii: "2") else { throw TimeZoneFault() }
        try reader.skip(first.byteCount(timeSize: 4))
        let header = try ZoneHeader(&reader)
        guard header.times <= Self.transitionsMax, header.types > 0, header.types <= 256 else {
            throw TimeZoneFault()
        }
        var moments: [Int64] = []
        for _ in 0..<header.times {
            let moment = try reader.integer(bytes: 8)
            guard moments.last.map({ $0 < moment }) ?? true else { throw TimeZoneFault() }
            moments.append(moment)
        }
        var kinds: [Int] = []
        for _ in 0..<header.times { kinds.append(Int(try reader.byte())) }
        var types: [Int] = []
        for _ in 0..<header.types {
            types.append(Int(try reader.integer(bytes: 4)))
            try reader.skip(2)
        }
        // RFC 9636 §3.2: between -25 and 26 hours.
        guard kinds.allSatisfy({ $0 < types.count }),
            types.allSatisfy({ (-89_999...93_599).contains($0) })
        else { throw TimeZoneFault() }
        try reader.skip(header.bytesAfterTypes(timeSize: 8))
        let footer = try reader.line()
        self.init(
            moments: moments,
            offsets: kinds.map { types[$0] },
            first: types[0],
            forever: footer.isEmpty ? nil : try RecurringOffsets(parsing: footer)
        )
    }
}

/// The counts at the head of a block (RFC 9636 §3.1).
private struct ZoneHeader {
    let version: UInt8
    let isUT: Int
    let isStandard: Int
    let leaps: Int
    let times: Int
    let types: Int
    let characters: Int

    init(_ reader: inout BigEndianReader) throws(TimeZoneFault) {
        for expected in "TZif".utf8 {
            guard try reader.byte() == expected else { throw TimeZoneFault() }
        }
        version = try reader.byte()
        try reader.skip(15)
        isUT = Int(try reader.integer(bytes: 4))
        isStandard = Int(try reader.integer(bytes: 4))
        leaps = Int(try reader.integer(bytes: 4))
        times = Int(try reader.integer(bytes: 4))
        types = Int(try reader.integer(bytes: 4))
        characters = Int(try reader.integer(bytes: 4))
        let counts = [isUT, isStandard, leaps, times, types, characters]
        guard counts.allSatisfy({ (0...TimeZoneRules.fileBytesMax).contains($0) }) else {
            throw TimeZoneFault()
        }
    }

    func byteCount(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + bytesAfterTypes(timeSize: timeSize)
    }

    func bytesAfterTypes(timeSize: Int) -> Int {
        characters + leaps * (timeSize + 4) + isStandard + isUT
    }
}

/// A cursor over bytes in network order.
private struct BigEndianReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func byte() throws(TimeZoneFault) -> UInt8 {
        guard position < bytes.count else { throw TimeZoneFault() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer(bytes count: Int) throws(TimeZoneFault) -> Int64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try byte()) }
        return count == 4
            ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    mutating func skip(_ count: Int) throws(TimeZoneFault) {
        guard count <= bytes.count - position else { throw TimeZoneFault() }
        position += count
    }

    /// What is between two line feeds.
    mutating func line() throws(TimeZoneFault) -> String {
        guard try byte() == UInt8(ascii: "\n") else { throw TimeZoneFault() }
        var text: [UInt8] = []
        while true {
            let next = try byte()
            if next == UInt8(ascii: "\n") { break }
            text.append(next)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
