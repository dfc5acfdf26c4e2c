internal import COpenSSL

/// Bytes that must not be seen: never printed, not even by reflection, and wiped at the end.
package final class SecretBytes: Sendable {
    private let storage: Storage

    /// Takes a copy of `bytes`.
    package init(_ bytes: [UInt8]) { storage = Storage(bytes) }

    /// Takes a copy of a text's UTF-8.
    package convenience init(_ text: String) { self.init(Array(text.utf8)) }

    /// How many bytes there are.
    package var count: Int { storage.bytes.count }

    /// The bytes, for the one place that must have them; they are not wiped there.
    package func revealed() -> [UInt8] { Array(storage.bytes) }

    /// The bytes as text, for the one place that must have it.
    package func revealedText() -> String { String(decoding: storage.bytes, as: UTF8.self) }

    // Safety: written in init alone, freed in deinit alone.
    private struct Storage: ~Copyable, @unchecked Sendable {
        let bytes: UnsafeBufferPointer<UInt8>

        init(_ source: [UInt8]) {
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.count)
            _ = copy.initialize(from: source)
            bytes = UnsafeBufferPointer(copy)
        }

        deinit {
            let own = UnsafeMutableBufferPointer(mutating: bytes)
            OPENSSL_cleanse(own.baseAddress, own.count)
            own.deallocate()
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretBytes(\(count) bytes withheld)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
