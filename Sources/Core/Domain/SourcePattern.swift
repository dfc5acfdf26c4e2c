/// Text in which `${NAME}` stands for something of a pull request or a push.
package struct SourcePattern: Sendable, Hashable {
    /// The most characters of a pattern.
    package static let lengthMax = 500

    /// What can stand in a pattern.
    package enum Variable: String, Sendable, CaseIterable {
        case pullRequest = "PULL_REQUEST"
        /// The branch, made a name: lower case, and `-` for what no name holds; with a mark of its
        /// own where another branch came to the same name first.
        case branch = "BRANCH"
        case revision = "REVISION"
        case revisionShort = "REVISION_SHORT"
    }

    /// The pattern as it was written.
    package let text: String

    /// A pattern that is known to be right, or was stored.
    package init(_ text: String) { self.text = text }

    /// Checks that only known variables stand in the pattern.
    ///
    /// - Throws: the name that is none.
    package init(parsing text: String) throws(SourcePatternFault) {
        self.init(text)
        for piece in pieces {
            if case .variable(let name) = piece, Variable(rawValue: name) == nil {
                throw SourcePatternFault(name: name)
            }
        }
    }

    /// The pattern with its variables filled in; what has no value is left out.
    package func filled(with values: [Variable: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): Variable(rawValue: name).flatMap { values[$0] } ?? ""
            }
        }
        .joined()
    }

    private enum Piece {
        case text(String)
        case variable(String)
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            pieces.append(.text(String(rest[..<start.lowerBound])))
            let inner = rest[start.upperBound...]
            guard let end = inner.firstIndex(of: "}") else {
                pieces.append(.variable(String(inner)))
                return pieces
            }
            pieces.append(.variable(String(inner[..<end])))
            rest = inner[inner.index(after: end)...]
        }
        pieces.append(.text(String(rest)))
        return pieces
    }

    /// A branch as a part of a name.
    package static func slug(of branch: String) -> String {
        var slug = ""
        for scalar in branch.lowercased().unicodeScalars {
            let isPlain =
                ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPlain {
                slug.unicodeScalars.append(scalar)
            } else if !slug.isEmpty, !slug.hasSuffix("-") {
                slug += "-"
            }
        }
        return cut(slug, to: Environment.nameLengthMax)
    }

    /// The same with a mark of the branch's own, for one whose part another branch has already.
    package static func markedSlug(of branch: String) -> String {
        // FNV-1a (Fowler, Noll and Vo), by which everybody finds the same.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in branch.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash % marks, radix: 36)
        let mark = String(repeating: "0", count: markLength - digits.count) + digits
        let rest = cut(slug(of: branch), to: Environment.nameLengthMax - markLength - 1)
        return rest.isEmpty ? mark : "\(rest)-\(mark)"
    }

    /// The characters of a mark, and how many marks there are: 36 to the power of that.
    private static let markLength = 5
    private static let marks: UInt64 = 60_466_176

    private static func cut(_ slug: String, to length: Int) -> String {
        var slug = String(slug.prefix(length))
        while slug.hasSuffix("-") { slug.removeLast() }
        return slug
    }
}

/// A variable in a pattern that there is none of.
package struct SourcePatternFault: Error, Equatable {
    /// The name that is none.
    package let name: String

    /// What is wrong, as a sentence.
    package var detail: String {
        let known = SourcePattern.Variable.allCases.map { "${\($0.rawValue)}" }
        return "There is no ${\(name)}; known are \(known.joined(separator: ", "))."
    }
}
