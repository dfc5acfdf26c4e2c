/// What a caller names a thing: an RFC 1123 label of `a-z`, `0-9` and inner `-`.
///
/// `Subject` keeps a tenant's name from being passed where that of a blueprint is meant.
package struct ResourceName<Subject>: Sendable, Hashable {
    /// The most characters that a DNS label holds (RFC 1123 §2.1, RFC 1035 §2.3.4).
    package static var lengthMax: Int { 63 }

    /// The name as text.
    package let text: String

    /// Reads a name; nothing is trimmed and nothing is lower-cased.
    package init(parsing text: String) throws(NameFault) {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { throw .empty }
        for byte in bytes {
            guard Self.isAlphanumeric(byte) || byte == UInt8(ascii: "-") else {
                throw .badCharacter
            }
        }
        guard bytes.count <= Self.lengthMax else { throw .tooLong }
        guard Self.isAlphanumeric(first), Self.isAlphanumeric(last) else { throw .hyphenAtEdge }
        self.text = text
    }

    /// A name that stands in the program itself.
    package init(_ known: StaticString) {
        do {
            try self.init(parsing: known.description)
        } catch {
            preconditionFailure("`\(known)` is a name")
        }
    }

    /// The same text as the name of something else.
    package func cast<Other>() -> ResourceName<Other> { ResourceName<Other>(checked: text) }

    private init(checked text: String) { self.text = text }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// Why a text is no resource name.
package enum NameFault: Error, Equatable {
    /// The text has no characters.
    case empty
    /// The text has more than 63 characters.
    case tooLong
    /// A character is none of `a-z`, `0-9` and `-`.
    case badCharacter
    /// The text starts or ends with `-`.
    case hyphenAtEdge

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .empty: "A name has at least one character."
        case .tooLong: "A name has at most 63 characters."
        case .badCharacter: "A name is made of a-z, 0-9 and '-' only."
        case .hyphenAtEdge: "A name starts and ends with a letter or a digit."
        }
    }
}

extension ResourceName: Comparable, CustomStringConvertible {
    /// Compares bytewise, the order of lists sorted by name.
    package static func < (left: ResourceName, right: ResourceName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package var description: String { text }
}

/// The name of a tenant, unique among all tenants.
package typealias TenantName = ResourceName<Tenant>
/// The name of a blueprint, unique among all blueprints.
package typealias BlueprintName = ResourceName<Blueprint>
