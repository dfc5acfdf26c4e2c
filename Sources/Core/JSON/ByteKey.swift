/// A text that is compared and hashed by its bytes.
///
/// Swift's own equality is canonical equivalence, which JSON does not know: the two spellings of
/// `é` are two member names. The hash is the standard library's seeded one, so that keys chosen
/// by a caller cannot be made to collide.
struct ByteKey: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ByteKey, right: ByteKey) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// Whether both texts are the same sequence of bytes, without Unicode normalisation.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Whether this text sorts before `other` by its bytes, which is by code point.
    package func precedesByBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
