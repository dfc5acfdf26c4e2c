internal import EventLoop

/// Tells channels that something happened, each at most once per interval, in transactions of
/// its own: NOTIFY inside a business transaction takes a lock that all of them share.
// Safety: touched only on its loop's thread.
final class Notifier: @unchecked Sendable {
    /// A channel's last NOTIFY and whether another one is due.
    private struct Channel {
        var toldAt: MonotonicTime?
        var isDue = false
    }

    private let loop: EventLoop
    private let interval: Duration
    private let tell: (String) -> Void
    private var channels: [String: Channel] = [:]

    /// `tell` sends one NOTIFY.
    init(on loop: EventLoop, interval: Duration, tell: @escaping (String) -> Void) {
        self.loop = loop
        self.interval = interval
        self.tell = tell
    }

    /// Tells now, or when the channel's interval is over; once for all calls until then.
    func notify(_ name: String) {
        var channel = channels[name] ?? Channel()
        guard !channel.isDue else { return }
        channel.isDue = true
        channels[name] = channel
        let wait = channel.toldAt.map { $0.advanced(by: interval) - MonotonicTime.now() } ?? .zero
        guard wait > .zero else { return tellNow(name) }
        _ = loop.schedule(after: wait) { [weak self] in self?.tellNow(name) }
    }

    private func tellNow(_ name: String) {
        channels[name] = Channel(toldAt: MonotonicTime.now(), isDue: false)
        tell(name)
    }
}
