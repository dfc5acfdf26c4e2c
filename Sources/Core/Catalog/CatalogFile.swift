package import JSON
import YAML

/// A file of descriptors: one or more YAML documents, each an entity.
package struct CatalogFile: Sendable, Equatable {
    /// Bytes of one file.
    package static let bytesMax = 5 << 20
    /// Documents of one file.
    package static let documentsMax = 1_000
    /// The most problems that are told of one file.
    package static let problemsMax = 200

    /// One thing that is wrong with a file.
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The path of the file.
        package let path: String
        /// The line, from 1; nil where it is about the whole file.
        package let line: Int?
        /// The column, from 1, where it is known.
        package let column: Int?
        /// The member of the entity that it is about; nil where the text is no YAML.
        package let pointer: JSONPointer?
        /// A word for programs, such as `missing`.
        package let code: String
        /// What is wrong and what to do.
        package let detail: String

        /// Something that is wrong with a file, or with a place in it.
        package init(
            path: String,
            _ code: String,
            _ detail: String,
            line: Int? = nil,
            column: Int? = nil,
            pointer: JSONPointer? = nil
        ) {
            self.path = path
            self.line = line
            self.column = column
            self.pointer = pointer
            self.code = code
            self.detail = detail
        }

        /// One line, as compilers write it: `catalog-info.yaml:7:3: /spec/owner: …`.
        package var description: String {
            let place = [path, line.map(String.init), column.map(String.init)]
                .compactMap(\.self).joined(separator: ":")
            let member = pointer.map { $0.tokens.isEmpty ? "" : "\($0): " } ?? ""
            return "\(place): \(member)\(detail)"
        }
    }

    /// An entity and where it stands.
    package struct Entry: Sendable, Equatable {
        /// The entity.
        package let entity: Entity
        /// The line on which its document begins, from 1.
        package let line: Int
    }

    /// The entities of every document that is right.
    package private(set) var entries: [Entry] = []
    /// Everything that is wrong with the others.
    package private(set) var problems: [Problem] = []

    private let path: String
    private let namespace: String

    /// Reads a file; a broken document leaves the others as they are.
    ///
    /// Entities that name no namespace are in `namespace`.
    package init(
        _ bytes: [UInt8],
        path: String,
        namespace: String = EntityReference.defaultNamespace
    ) {
        self.path = path
        self.namespace = namespace
        guard bytes.count <= Self.bytesMax else {
            add(
                "too-large",
                "The file is larger than \(Self.bytesMax >> 20) MiB. Split it.",
                line: nil
            )
            return
        }
        let parts = YAMLParts(of: bytes, upTo: Self.documentsMax)
        // First: of many problems only some are kept.
        if parts.hasMore {
            let detail =
                "There are more than \(Self.documentsMax) documents; the others are not read. "
                + "Split the file."
            add("too-many-documents", detail, line: nil)
        }
        for part in parts.parts { read(part) }
    }

    private mutating func read(_ part: YAMLParts.Part) {
        let document: YAMLDocument
        do throws(YAMLFault) {
            document = try YAMLDocument(
                parsing: part.bytes,
                anchors: .resolved,
                fromLine: part.line
            )
        } catch {
            for problem in error.problems {
                add(
                    problem.kind == .limit ? "too-large" : "invalid-yaml",
                    problem.message,
                    line: problem.line ?? part.line,
                    column: problem.column
                )
            }
            return
        }
        guard !document.value.isNull else { return }
        do throws(EntityFaults) {
            let entity = try Entity(parsing: document.value, namespace: namespace)
            if let other = entries.first(where: { $0.entity.reference == entity.reference }) {
                let detail =
                    "\(entity.reference) stands in line \(other.line) already; names that differ "
                    + "in case only are one. Keep one of them."
                return add("twice", detail, line: document.line(of: .root) ?? part.line)
            }
            entries.append(Entry(entity: entity, line: document.line(of: .root) ?? part.line))
        } catch {
            for fault in error.entries {
                let place = document.nearestPlace(of: fault.pointer)
                add(
                    fault.code,
                    fault.detail,
                    line: place?.line ?? part.line,
                    column: place?.column,
                    pointer: fault.pointer
                )
            }
        }
    }

    private mutating func add(
        _ code: String,
        _ detail: String,
        line: Int?,
        column: Int? = nil,
        pointer: JSONPointer? = nil
    ) {
        guard problems.count < Self.problemsMax else { return }
        problems.append(
            Problem(path: path, code, detail, line: line, column: column, pointer: pointer)
        )
    }
}

extension YAMLDocument {
    /// The line of a value.
    fileprivate func line(of pointer: JSONPointer) -> Int? { place(of: pointer)?.line }

    /// The place of a value, or of the closest one around it that is there.
    fileprivate func nearestPlace(of pointer: JSONPointer) -> (line: Int, column: Int)? {
        var tokens = pointer.tokens
        while true {
            if let place = place(of: JSONPointer(tokens)) { return place }
            guard !tokens.isEmpty else { return nil }
            tokens.removeLast()
        }
    }
}
