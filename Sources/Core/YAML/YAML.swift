package import JSON

/// YAML for the rest of Slipway, as JSON.
package enum YAML {
    /// Reads the only document in `bytes`, strictly: the core schema of YAML 1.2, no anchors.
    ///
    /// For files that Slipway defines: manifests of blueprints, kubeconfigs.
    ///
    /// - Throws: every problem, with line and column.
    package static func parse(_ bytes: [UInt8]) throws(YAMLFault) -> JSON {
        try YAMLDocument(parsing: bytes).value
    }

    /// Reads a stream of Kubernetes manifests as `kubectl` does.
    ///
    /// Scalars mean what go-yaml v2 makes of YAML 1.1 (`yes` is a boolean, `0o17` and `017` are
    /// octal, dates are texts), anchors and merge keys are resolved, empty documents are left out.
    /// Numbers that JSON cannot write (`.inf`, `.nan`) are refused.
    ///
    /// - Throws: every problem, with line and column.
    package static func documents(_ bytes: [UInt8]) throws(YAMLFault) -> [YAMLManifest] {
        try YAMLStream.read(bytes)
    }

    /// Writes one document that every reader of YAML understands alike.
    ///
    /// Block style, members in their order, every text double-quoted; the last byte is a newline.
    package static func text(_ value: JSON) -> [UInt8] {
        var writer = YAMLWriter()
        return writer.document(value)
    }

    /// Writes several documents with `---` between them.
    package static func text(_ documents: [JSON]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, document) in documents.enumerated() {
            if index > 0 { bytes.append(contentsOf: "---\n".utf8) }
            bytes.append(contentsOf: text(document))
        }
        return bytes
    }
}

/// One document of a stream.
package struct YAMLManifest: Sendable, Equatable {
    /// The document as JSON.
    package let value: JSON
    /// The line on which its first value stands, from 1.
    package let line: Int
}
