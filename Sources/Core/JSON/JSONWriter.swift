/// Writes one JSON text into a growing buffer, comma by comma, without an intermediate value.
///
/// The caller keeps the order of calls (a key before each member's value, as many ends as
/// begins); the writer places commas and escapes. The output is valid UTF-8 and never escapes
/// `/`.
package struct JSONWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// A writer with room for `capacity` bytes before it grows.
    package init(reserving capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// A writer that goes on at the end of `bytes`, whose storage it takes over.
    package init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

    /// Ends the text and hands its bytes over without a copy.
    package consuming func finish() -> [UInt8] { bytes }

    /// Forgets what was written, keeps the storage.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// `{`.
    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// `}`.
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    /// `[`.
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// `]`.
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// A member's name known when compiling: printable ASCII without `"` and `\`, copied as it is.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        )
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member's name that only the running program knows.
    package mutating func key(named name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A string, escaped where it must be.
    package mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.appendEscaped(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string of characters that need no escaping, such as an id or a moment.
    package mutating func plainString(_ text: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An integer.
    package mutating func int(_ value: Int) { int(Int64(value)) }

    /// An integer of 64 bits.
    package mutating func int(_ value: Int64) {
        separate()
        bytes.appendDigits(of: value)
    }

    /// An integer of any other width.
    package mutating func int(_ value: some FixedWidthInteger) {
        separate()
        if let value = Int64(exactly: value) {
            bytes.appendDigits(of: value)
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    /// A binary floating-point number in its shortest text; infinities and not-a-number as null.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// `true` or `false`.
    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// `null`.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// A JSON text that was checked before, for example a document stored in its final form.
    package mutating func raw(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
    }

    /// A JSON text that was checked before.
    package mutating func raw(_ text: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    /// A whole value.
    package mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): raw(value.text.utf8)
        case .string(let value): string(value)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let object): members(object.members)
        }
    }

    /// An array with one element for each of `elements`, written by `write`.
    @inlinable
    package mutating func array<S: Sequence>(
        _ elements: S,
        _ write: (inout JSONWriter, S.Element) -> Void
    ) {
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }

    /// An object, written by `write`.
    package mutating func object(_ write: (inout JSONWriter) -> Void) {
        beginObject()
        write(&self)
        endObject()
    }

    mutating func members(_ members: [JSONObject.Member]) {
        beginObject()
        for member in members {
            key(named: member.key)
            value(member.value)
        }
        endObject()
    }
}

extension JSONWriter {
    /// A member whose value is a string.
    package mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    /// A member whose value is a string, or nothing at all when there is no value.
    package mutating func member(_ name: StaticString, ifPresent value: String?) {
        if let value { member(name, value) }
    }

    /// A member whose value is an integer.
    package mutating func member(_ name: StaticString, _ value: Int) {
        key(name)
        int(value)
    }

    /// A member whose value is an integer of another width.
    package mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        key(name)
        int(value)
    }

    /// A member whose value is a boolean.
    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// A member whose value is any JSON.
    package mutating func member(_ name: StaticString, _ value: JSON) {
        key(name)
        self.value(value)
    }
}
