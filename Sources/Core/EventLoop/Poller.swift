import CLinux
import Glibc

/// The kernel's readiness list of one loop and the handlers behind it.
///
/// A handler's place is a slot with a generation, and the kernel hands both back, so that
/// readiness meant for an earlier owner of the slot is recognised and dropped.
final class Poller {
    private struct Slot {
        var handler: (any ReadinessHandler)?
        var descriptor: Int32 = -1
        var interest: Interest = []
        var generation: UInt32 = 0
    }

    /// The slot number that stands for the loop's own wake-up.
    private static let wakeSlot = UInt32.max

    private let epoll: Descriptor
    private let wakeUp: Descriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private var slots: [Slot] = []
    private var free: [Int32] = []

    init() throws(SystemFault) {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemFault(call: "epoll_create1", errno: errno) }
        self.epoll = Descriptor(owning: epoll)
        let wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else { throw SystemFault(call: "eventfd", errno: errno) }
        self.wakeUp = Descriptor(owning: wakeUp)
        events = .allocate(capacity: EventLoop.eventsPerPollMax)
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = UInt64(Poller.wakeSlot)
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event) == 0 else {
            throw SystemFault(call: "epoll_ctl", errno: errno)
        }
    }

    deinit {
        events.deallocate()
    }

    /// Ends the wait under way, or the next one.
    ///
    /// Any thread.
    func wake() {
        var one: UInt64 = 1
        // A full counter means that a wake-up is already waiting.
        _ = write(wakeUp.raw, &one, MemoryLayout<UInt64>.size)
    }

    /// Waits at most `milliseconds` (-1: for ever) and returns how many descriptors are ready.
    func wait(for milliseconds: Int32) -> Int {
        let count = epoll_wait(
            epoll.raw,
            events,
            Int32(EventLoop.eventsPerPollMax),
            milliseconds
        )
        precondition(count >= 0 || errno == EINTR, "epoll_wait takes what epoll_create1 gave")
        return Int(max(0, count))
    }

    /// Calls the handlers of the first `count` events that `wait` left.
    func dispatch(_ count: Int) {
        for place in 0..<count {
            let event = events[place]
            let slot = UInt32(truncatingIfNeeded: event.data.u64)
            if slot == Poller.wakeSlot {
                var counter: UInt64 = 0
                _ = read(wakeUp.raw, &counter, MemoryLayout<UInt64>.size)
                continue
            }
            let generation = UInt32(truncatingIfNeeded: event.data.u64 >> 32)
            guard slots[Int(slot)].generation == generation else { continue }
            slots[Int(slot)].handler?.ready(Readiness(rawValue: event.events))
        }
    }

    func add(
        _ descriptor: Int32,
        _ interest: Interest,
        _ handler: any ReadinessHandler
    ) throws(SystemFault) -> Registration {
        let slot = free.popLast() ?? Int32(slots.count)
        if slot == slots.count { slots.append(Slot()) }
        let registration = Registration(slot: slot, generation: slots[Int(slot)].generation)
        guard control(EPOLL_CTL_ADD, descriptor, registration, interest) == 0 else {
            let reason = errno
            free.append(slot)
            throw SystemFault(call: "epoll_ctl", errno: reason)
        }
        slots[Int(slot)].handler = handler
        slots[Int(slot)].descriptor = descriptor
        slots[Int(slot)].interest = interest
        return registration
    }

    func change(_ registration: Registration, to interest: Interest) {
        let slot = Int(registration.slot)
        guard slots[slot].generation == registration.generation,
            slots[slot].interest != interest
        else { return }
        slots[slot].interest = interest
        let result = control(EPOLL_CTL_MOD, slots[slot].descriptor, registration, interest)
        precondition(result == 0, "a registered descriptor was closed before deregistration")
    }

    func remove(_ registration: Registration) {
        let slot = Int(registration.slot)
        guard slots[slot].generation == registration.generation else { return }
        var event = epoll_event()
        // A descriptor that its owner has closed already is no longer listed: nothing to do.
        _ = epoll_ctl(epoll.raw, EPOLL_CTL_DEL, slots[slot].descriptor, &event)
        slots[slot].handler = nil
        slots[slot].descriptor = -1
        slots[slot].generation &+= 1
        free.append(registration.slot)
    }

    private func control(
        _ operation: Int32,
        _ descriptor: Int32,
        _ registration: Registration,
        _ interest: Interest
    ) -> Int32 {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 =
            UInt64(registration.generation) << 32 | UInt64(UInt32(registration.slot))
        return epoll_ctl(epoll.raw, operation, descriptor, &event)
    }
}
