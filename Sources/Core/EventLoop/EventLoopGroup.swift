import Glibc
import Synchronization

/// The loops of a process, one thread each.
package final class EventLoopGroup: Sendable {
    /// The loops, in the order of their index.
    package let loops: [EventLoop]

    private let threads = Mutex<[pthread_t]>([])
    private let turn = Atomic<Int>(0)

    /// Makes `count` loops; `start` gives each its thread.
    ///
    /// - Throws: `SystemFault` when the process has no descriptors left.
    package init(count: Int) throws(SystemFault) {
        precondition(count > 0, "a group has at least one loop")
        // A reader that has gone is an error of the write, never the end of the process.
        signal(SIGPIPE, SIG_IGN)
        var loops: [EventLoop] = []
        for index in 0..<count { loops.append(try EventLoop(index: index)) }
        self.loops = loops
    }

    /// Starts the threads.
    ///
    /// Once.
    package func start() {
        threads.withLock { threads in
            precondition(threads.isEmpty, "a group is started once")
            threads = loops.map { loop in
                startThread(named: "loop-\(loop.index)") { loop.run() }
            }
        }
    }

    /// Stops the loops and waits for their threads; not from a loop's own thread.
    package func stop() {
        precondition(EventLoop.current == nil, "a loop cannot wait for itself")
        for loop in loops { loop.stop() }
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { pthread_join(thread, nil) }
    }

    /// The loop whose turn it is, for work that belongs to none; the caller's own when it is on
    /// one of this group.
    package func next() -> EventLoop {
        if let current = EventLoop.current, loops.contains(where: { $0 === current }) {
            return current
        }
        let place = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: place) % UInt(loops.count))]
    }
}
