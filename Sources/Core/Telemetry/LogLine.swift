internal import JSON
internal import Logging

/// One log line under construction, byte by byte in one buffer: no text is built for it.
package struct LogLine: ~Copyable {
    private var bytes: [UInt8]
    private let format: LogFormat

    init(
        appendingTo bytes: consuming [UInt8],
        format: LogFormat,
        level: Logger.Level,
        message: String,
        microseconds: Int64
    ) {
        self.bytes = bytes
        self.format = format
        switch format {
        case .json: self.bytes.append(contentsOf: "{\"ts\":\"".utf8)
        case .logfmt: self.bytes.append(contentsOf: "ts=".utf8)
        }
        self.bytes.appendTimestamp(microsecondsSince1970: microseconds)
        if format == .json { self.bytes.append(UInt8(ascii: "\"")) }
        field("level", level.rawValue)
        field("msg", message)
    }

    consuming func finish() -> [UInt8] {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Copies a literal as it is.
    private mutating func copy(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    private mutating func begin(_ name: StaticString) {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        switch format {
        case .json:
            copy(",\"")
            bytes.append(contentsOf: name)
            copy("\":")
        case .logfmt:
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: name)
            bytes.append(UInt8(ascii: "="))
        }
    }

    /// Adds a text; `name` is plain ASCII without quotes.
    package mutating func field(_ name: StaticString, _ value: String) {
        begin(name)
        append(value)
    }

    /// Adds a text that was sent as bytes, for example a request's path: what is not UTF-8 in it
    /// is shown as U+FFFD.
    package mutating func field(_ name: StaticString, bytes value: UnsafeRawBufferPointer) {
        field(name, String(decoding: value, as: UTF8.self))
    }

    /// Adds a text when there is one.
    package mutating func field(_ name: StaticString, ifPresent value: String?) {
        if let value { field(name, value) }
    }

    /// Adds a whole number.
    package mutating func field(_ name: StaticString, _ value: Int) {
        begin(name)
        bytes.appendDigits(of: Int64(value))
    }

    /// Adds a whole number of another width.
    package mutating func field(_ name: StaticString, _ value: some FixedWidthInteger) {
        begin(name)
        bytes.appendDigits(of: Int64(clamping: value))
    }

    /// Adds a truth value.
    package mutating func field(_ name: StaticString, _ value: Bool) {
        begin(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Adds a duration in whole microseconds; by convention `name` ends in `_us`.
    package mutating func field(_ name: StaticString, _ value: Duration) {
        field(name, value.attoseconds / 1_000_000_000_000)
    }

    /// Adds a text under a name that only the running program knows.
    package mutating func field(named name: String, _ value: String) {
        switch format {
        case .json:
            bytes.append(contentsOf: ",\"".utf8)
            bytes.appendEscaped(name)
            bytes.append(contentsOf: "\":".utf8)
        case .logfmt:
            bytes.append(UInt8(ascii: " "))
            for byte in name.utf8 {
                let isPlain = byte > 0x20 && byte != 0x22 && byte != 0x3D && byte != 0x7F
                bytes.append(isPlain ? byte : UInt8(ascii: "_"))
            }
            bytes.append(UInt8(ascii: "="))
        }
        append(value)
    }

    private mutating func append(_ value: String) {
        let needsQuotes =
            format == .json || value.isEmpty
            || value.utf8.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3D || $0 == 0x5C }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        bytes.appendEscaped(value)
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
}
