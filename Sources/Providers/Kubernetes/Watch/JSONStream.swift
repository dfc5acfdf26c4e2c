/// Takes a stream of JSON objects, one after the other, apart, wherever the network cut it.
///
/// Counts brackets outside of strings and no more: what an object holds is its parser's to judge.
struct JSONStream: Sendable {
    private let objectBytesMax: Int
    private var buffer: [UInt8] = []
    /// Where the object at hand begins.
    private var start = 0
    /// Up to where the buffer has been looked at.
    private var place = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Objects of more bytes than that are refused.
    init(objectBytesMax: Int) {
        self.objectBytesMax = objectBytesMax
    }

    /// Whether no part of an object waits for its end.
    var isBetweenObjects: Bool { depth == 0 }

    /// Takes what has come.
    mutating func received(_ bytes: [UInt8]) {
        if start > 0 {
            buffer.removeFirst(start)
            place -= start
            start = 0
        }
        buffer += bytes
    }

    /// The next whole object; nil until more has come.
    ///
    /// - Throws: `.malformed` for anything but objects, `.tooLarge` for one beyond the limit.
    mutating func next() throws(KubernetesFault) -> [UInt8]? {
        while place < buffer.count {
            let byte = buffer[place]
            if isInString {
                inString(byte)
            } else if depth > 0 {
                inObject(byte)
            } else {
                try begin(byte)
            }
            place += 1
            guard depth == 0 else { continue }
            defer { start = place }
            if byte == UInt8(ascii: "}") { return Array(buffer[start..<place]) }
            guard Self.isSpace(byte) else { throw Self.noObject }
        }
        guard buffer.count - start <= objectBytesMax else {
            throw .tooLarge(reason: "an object has more than \(objectBytesMax) bytes")
        }
        return nil
    }

    private mutating func begin(_ byte: UInt8) throws(KubernetesFault) {
        if byte == UInt8(ascii: "{") {
            start = place
            depth = 1
        } else if !Self.isSpace(byte) {
            throw Self.noObject
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0A, 0x0D].contains(byte)
    }

    private static let noObject = KubernetesFault.malformed(
        reason: "something other than an object stands in the stream"
    )

    private mutating func inString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }

    private mutating func inObject(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}
