/// The name of an entity among all: kind, namespace and name, in lower case.
///
/// Names that differ in case only are the same entity.
package struct EntityReference: Sendable, Hashable, CustomStringConvertible {
    /// The namespace of what names none.
    package static let defaultNamespace = "default"
    /// Bytes of a reference: three parts of 63, and what separates them, with room to spare.
    package static let bytesMax = 200

    /// The kind, in lower case.
    package let kind: String
    /// The namespace, in lower case.
    package let namespace: String
    /// The name, in lower case.
    package let name: String

    /// Reads `[kind:][namespace/]name`; what is left out is taken from the context.
    ///
    /// - Throws: where a part is empty or missing, or the text is too long.
    package init(
        parsing text: String,
        kind contextKind: String? = nil,
        namespace contextNamespace: String = defaultNamespace
    ) throws(EntityReferenceFault) {
        guard text.utf8.count <= Self.bytesMax else { throw .tooLong }
        let bytes = Array(text.utf8)
        var colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
        // A colon behind the slash belongs to the name.
        if let slash, let place = colon, slash < place { colon = nil }
        let start = colon.map { $0 + 1 } ?? 0
        let nameStart = slash.map { $0 + 1 } ?? start
        let written = colon.map { String(decoding: bytes[..<$0], as: UTF8.self) }
        let space = slash.map { String(decoding: bytes[start..<$0], as: UTF8.self) }
        let name = String(decoding: bytes[nameStart...], as: UTF8.self)
        guard written != "", space != "", !name.isEmpty else { throw .emptyPart }
        guard let kind = written ?? contextKind else { throw .noKind }
        self.init(kind: kind, namespace: space ?? contextNamespace, name: name)
    }

    /// A reference of its parts, whatever their case.
    package init(kind: String, namespace: String, name: String) {
        self.kind = kind.lowercased()
        self.namespace = namespace.lowercased()
        self.name = name.lowercased()
    }

    package var description: String { "\(kind):\(namespace)/\(name)" }
}

extension EntityReference: Comparable {
    /// Compares bytewise, as the database sorts them.
    package static func < (left: EntityReference, right: EntityReference) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

/// Why a text is no reference to an entity.
package enum EntityReferenceFault: Error, Equatable {
    /// The kind, namespace or name is there but empty.
    case emptyPart
    /// No kind is given, and none follows from where the reference stands.
    case noKind
    /// The text has more than 200 bytes.
    case tooLong

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .emptyPart: "Expected `[kind:][namespace/]name`, with no part empty."
        case .noKind: "Name the kind as well, as in `resource:default/orders-db`."
        case .tooLong: "A reference has at most \(EntityReference.bytesMax) bytes."
        }
    }
}
