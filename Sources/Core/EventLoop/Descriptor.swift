import Glibc

/// A kernel descriptor with one owner, closed when the owner goes away.
package struct Descriptor: ~Copyable, Sendable {
    /// The number itself, lent for one call; it must not be kept.
    package let raw: Int32

    /// Takes over `raw`, which nobody else may close.
    package init(owning raw: Int32) {
        precondition(raw >= 0, "a descriptor is never negative: the call that made it failed")
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// Gives the number away without closing it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }
}
