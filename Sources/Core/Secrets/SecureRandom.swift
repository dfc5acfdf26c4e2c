internal import COpenSSL

/// Random bytes that nobody can guess, from libcrypto's generator.
package struct SecureRandom: RandomNumberGenerator, Sendable {
    /// The generator; it has no state of its own.
    package init() {}

    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            Crypto.require(RAND_bytes(buffer.baseAddress, Int32(count)), "random bytes")
            written = count
        }
    }

    /// Eight random bytes as a number.
    package mutating func next() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { buffer in
            Crypto.require(
                RAND_bytes(buffer.assumingMemoryBound(to: UInt8.self).baseAddress, 8),
                "random bytes"
            )
        }
        return value
    }
}
