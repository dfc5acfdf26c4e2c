/// A pattern for paths in `blueprint.yaml`: `*` and `?` stay within a folder, `**` crosses folders.
package struct PathGlob: Sendable, Equatable {
    private enum Piece: Equatable {
        case literal(UInt8)
        case any
        case star
        case folders

        /// Where one more byte of the path leads; nil when it does not fit.
        func reached(by byte: UInt8, at place: Int) -> Int? {
            switch self {
            case .literal(let wanted): wanted == byte ? place + 1 : nil
            case .any: byte == UInt8.slash ? nil : place + 1
            case .star: byte == UInt8.slash ? nil : place
            case .folders: place
            }
        }
    }

    /// The pattern as it was written.
    package let text: String
    private let pieces: [Piece]

    /// The longest pattern that is taken, in bytes.
    package static let bytesMax = 512

    /// Reads a pattern; nil when it is empty, too long, or starts with a slash.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.bytesMax, !text.hasPrefix("/") else {
            return nil
        }
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "*") where bytes[position...].starts(with: "**/".utf8):
                pieces.append(.folders)
                position += 3
            case UInt8(ascii: "*") where bytes[position...].starts(with: "**".utf8):
                // At the end `**` takes whatever is left, slashes included.
                pieces += [.folders, .star]
                position += 2
            case UInt8(ascii: "*"):
                pieces.append(.star)
                position += 1
            case UInt8(ascii: "?"):
                pieces.append(.any)
                position += 1
            case let byte:
                pieces.append(.literal(byte))
                position += 1
            }
        }
        self.text = text
        self.pieces = pieces
    }

    /// Whether the pattern matches the whole path.
    package func matches(_ path: some StringProtocol) -> Bool {
        var places = [Bool](repeating: false, count: pieces.count + 1)
        places[0] = true
        spread(&places, isFolderStart: true)
        for byte in path.utf8 {
            var next = [Bool](repeating: false, count: pieces.count + 1)
            for (place, piece) in pieces.enumerated() where places[place] {
                if let reached = piece.reached(by: byte, at: place) { next[reached] = true }
            }
            spread(&next, isFolderStart: byte == UInt8.slash)
            places = next
        }
        return places[pieces.count]
    }

    /// Moves past what may match nothing: `*` anywhere, `**` where a name starts.
    private func spread(_ places: inout [Bool], isFolderStart: Bool) {
        for (place, piece) in pieces.enumerated() where places[place] {
            if piece == .star || (piece == .folders && isFolderStart) { places[place + 1] = true }
        }
    }
}
