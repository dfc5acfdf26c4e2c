import EventLoop

/// One request's head, its bytes and where its parts lie, and how it came.
///
/// A connection fills one again for its next request when nobody else holds it any more.
// Safety: filled before the request is handed out and not changed while it is shared.
final class ReceivedHead: @unchecked Sendable {
    var bytes: [UInt8] = []
    var head = RequestHead()
    var body = RequestBody()
    var peer = ""
    var isSecure = false
    var receivedAt = MonotonicTime(nanoseconds: 0)

    /// Makes it fit for the next request; its memory is kept.
    func reset() {
        head.reset()
        body = RequestBody()
    }

    /// The text in `range`; bytes that are no UTF-8 become U+FFFD.
    func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeBytes { String(decoding: $0[range], as: UTF8.self) }
    }

    func isNamed(_ name: HeaderName, _ field: RequestHead.Field) -> Bool {
        guard field.known == name.known else { return false }
        guard field.known == .unknown else { return true }
        let custom = name.custom.utf8
        guard custom.count == field.name.count else { return false }
        return zip(bytes[field.name], custom).allSatisfy { $0.lowercased == $1 }
    }
}
