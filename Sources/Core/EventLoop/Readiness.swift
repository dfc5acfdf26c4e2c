import CLinux

/// What a handler wants to be told about a descriptor.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Bytes or a connection can be taken.
    package static let read = Interest(rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
    /// Bytes can be given.
    package static let write = Interest(rawValue: EPOLLOUT.rawValue)
    /// Nothing but the descriptor's end, which the kernel always tells.
    package static let none: Interest = []
}

/// What the kernel said about a descriptor.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A read gives bytes, an end or an error.
    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    /// A write takes bytes or gives an error.
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The other side has stopped sending; bytes may still be waiting.
    package static let readHangup = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// The descriptor is of no further use: both directions are shut, or it failed.
    package static let hangup = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
}

/// Something that is called on its loop's thread when its descriptor is ready.
package protocol ReadinessHandler: AnyObject {
    /// Takes what the kernel said; must not block.
    func ready(_ readiness: Readiness)
}

/// Something that is called once at the end of a tick that asked for it.
package protocol EndOfTick: AnyObject {
    /// Sends what was gathered during the tick; must not block.
    func endOfTick()
}

/// The claim of one handler on one descriptor of one loop.
package struct Registration: Sendable, Equatable {
    let slot: Int32
    let generation: UInt32
}
