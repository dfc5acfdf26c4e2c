/// Everything that a client can make the server hold or wait for, with a bound (DESIGN §5).
package struct ServerLimits: Sendable {
    /// Bytes of a request's head, and of its trailers: 431.
    ///
    /// At most 65,535.
    package var headBytesMax = 16_384
    /// Bytes of a request target: 414.
    package var targetBytesMax = 8_192
    /// Field lines of a request: 431.
    package var fieldsMax = 128
    /// Bytes of a body that any handler may read: 413.
    ///
    /// Handlers set their own, lower limits.
    package var bodyBytesMax = 8 << 30
    /// From the first byte of a head to its last: 408.
    package var headerTimeout = Duration.seconds(10)
    /// From the end of one exchange to the first byte of the next.
    package var idleTimeout = Duration.seconds(75)
    /// How long a body or a client that takes an answer may stand still.
    package var transferTimeout = Duration.seconds(20)
    /// Below this many bytes a second a body or an answer uses up its `transferTimeout`.
    package var transferBytesPerSecondMin = 1_024
    /// How long a handler goes on after the client has shut its sending side; a client that only
    /// wants to say that it has no further request still gets its answer.
    package var halfCloseTimeout = Duration.seconds(2)
    /// How long a closing connection waits for the client to close too.
    package var lingerTimeout = Duration.seconds(1)
    /// Bytes that a closing connection reads and drops meanwhile.
    package var lingerBytesMax = 1 << 20
    /// Bytes of an answer that wait for a slow client before its handler waits too.
    package var outputBytesMax = 256 * 1024
    /// Open connections of the whole server: 503.
    package var connectionsMax = 20_000
    /// Connections that the kernel holds until they are accepted, each listener.
    package var backlog: Int32 = 1_024
    /// How long accepting rests when the process has no descriptors left.
    package var acceptPause = Duration.milliseconds(250)
    /// How often deadlines are looked at, and so how late one may be noticed.
    package var sweepInterval = Duration.milliseconds(500)

    /// The limits of DESIGN §5.
    package init() {}
}
