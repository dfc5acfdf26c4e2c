import Secrets

/// Signs where a list goes on, together with the filters that the list was made with.
struct CursorSeal: Sendable {
    /// Bytes of the signature: 128 bits, more than anybody can guess online.
    private static let signatureLength = 16

    private let key: HMACSHA256

    init(key: HMACSHA256) {
        self.key = key
    }

    /// The cursor that leads to what follows `position`.
    func seal(_ position: [UInt8], of list: ListIdentity) -> String {
        Base64URL.encode(signature(of: position, list) + position)
    }

    /// The position in a cursor of the same list.
    ///
    /// - Throws: `invalid-cursor` for any other text.
    func open(_ cursor: String, of list: ListIdentity) throws(Problem) -> [UInt8] {
        if let bytes = Base64URL.decode(cursor), bytes.count > Self.signatureLength {
            let position = Array(bytes.dropFirst(Self.signatureLength))
            let sent = Array(bytes.prefix(Self.signatureLength))
            if ConstantTime.areEqual(sent, signature(of: position, list)) { return position }
        }
        throw Problem(
            .invalidCursor,
            "Send `cursor` exactly as the last page gave it, with the same filters and order, or "
                + "start again without it.",
            faults: [
                .query("cursor", "invalid-cursor", "It was not made for this list.")
            ]
        )
    }

    private func signature(of position: [UInt8], _ list: ListIdentity) -> [UInt8] {
        Array(key.sign(list.bytes + position).prefix(Self.signatureLength))
    }
}

/// Which list a cursor belongs to: the operation, its path, its filters and its order.
struct ListIdentity: Sendable {
    fileprivate let bytes: [UInt8]

    init(operation: String, path: [String], filters: [(name: String, value: String)]) {
        var bytes: [UInt8] = []
        // Each part with its length in front, so that no two lists have the same bytes.
        for part in [operation] + path + filters.flatMap({ [$0.name, $0.value] }) {
            bytes += Array("\(part.utf8.count):".utf8) + Array(part.utf8)
        }
        self.bytes = bytes + [0]
    }
}
