import Glibc

/// A count that threads wait for.
// Safety: the pointer never changes, and the kernel's semaphore is made for any thread.
package final class Semaphore: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    /// A count of zero.
    package init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Lets one waiting thread go on, or the next one that waits.
    package func signal() {
        sem_post(semaphore)
    }

    /// Blocks the thread until somebody signals; never on a loop.
    package func wait() {
        while sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
