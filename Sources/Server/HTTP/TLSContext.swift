/// A certificate and its key for TLS 1.2 and 1.3; connections made after a reload use the new one.
package final class TLSContext: Sendable {
    /// Reads the PEM files.
    ///
    /// - Throws: `TLSFault` when they cannot be read or do not belong together.
    package init(certificatePath: String, keyPath: String) throws(TLSFault) {
        preconditionFailure("not built yet")
    }

    /// Reads the files again; open connections go on as they are.
    ///
    /// After a fault the old certificate stays in use.
    ///
    /// - Throws: `TLSFault` as `init`.
    package func reload() throws(TLSFault) {
        preconditionFailure("not built yet")
    }
}

/// Why a certificate cannot be used.
package struct TLSFault: Error, Sendable, CustomStringConvertible {
    /// A sentence that names the file and says what is wrong.
    package let description: String
}
