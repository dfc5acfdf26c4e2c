import Synchronization

/// The content of an answer, read piece by piece; the server is held back while nobody reads.
///
/// Read by one task at a time. What is not read to its end is given up with the value.
package protocol KubernetesBody: Sendable {
    /// What has come since the last call, as soon as there is something; nil at the end.
    func next() async throws(KubernetesFault) -> [UInt8]?
}

extension KubernetesBody {
    /// All of the content.
    ///
    /// - Throws: `.tooLarge` where there are more bytes than that.
    package func collect(upTo bytesMax: Int) async throws(KubernetesFault) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= bytesMax else {
                throw .tooLarge(reason: "the API server's answer has more than \(bytesMax) bytes")
            }
            bytes += piece
        }
        return bytes
    }
}

/// Content that is all there.
package final class WholeBody: KubernetesBody {
    private let bytes: Mutex<[UInt8]?>

    /// Those bytes.
    package init(_ bytes: [UInt8]) {
        self.bytes = Mutex(bytes.isEmpty ? nil : bytes)
    }

    /// All of it the first time.
    package func next() async throws(KubernetesFault) -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = nil }
            return bytes
        }
    }
}
