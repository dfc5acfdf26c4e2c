package import JSON

/// YAML for the rest of Slipway: one document as JSON, under the limits of blueprint manifests.
package enum YAML {
    /// Reads the only document in `bytes`.
    ///
    /// - Throws: a finding with line and column.
    package static func parse(
        _ bytes: [UInt8],
        file: String = "document"
    ) throws(RenderFault) -> JSON {
        try YAMLDocument(parsing: bytes, file: file).value
    }
}
