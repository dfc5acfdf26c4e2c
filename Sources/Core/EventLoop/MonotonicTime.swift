import CLinux
import Glibc

/// A moment on the clock that never jumps, in nanoseconds since the machine started.
package struct MonotonicTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since an arbitrary start that is the same for all of the process.
    package let nanoseconds: UInt64

    /// The moment that lies `nanoseconds` after the clock's start.
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// What the kernel's monotonic clock says now.
    package static func now() -> MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(
            nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        )
    }

    /// This moment moved by `duration`; a move before the clock's start ends at the start.
    package func advanced(by duration: Duration) -> MonotonicTime {
        let moved = Int64(clamping: nanoseconds).addingReportingOverflow(duration.nanoseconds)
        let end = moved.overflow ? Int64.max : moved.partialValue
        return MonotonicTime(nanoseconds: UInt64(max(0, end)))
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time from `right` to `left`, negative when `left` is the earlier one.
    package static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
        .nanoseconds(Int64(bitPattern: left.nanoseconds &- right.nanoseconds))
    }
}

extension Duration {
    /// The whole duration in nanoseconds, held at the ends of `Int64` (292 years).
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let scaled = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !scaled.overflow else { return seconds < 0 ? .min : .max }
        let sum = scaled.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !sum.overflow else { return seconds < 0 ? .min : .max }
        return sum.partialValue
    }
}
