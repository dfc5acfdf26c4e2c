import Glibc

/// A thread for one long piece of work that may block; whoever starts it joins it, once.
package struct WorkerThread: Sendable {
    private let thread: pthread_t

    /// Starts `run`; `name` is cut at the 15 bytes that the kernel keeps.
    package init(named name: String, _ run: @escaping @Sendable () -> Void) {
        thread = startThread(named: name, run)
    }

    /// Waits until the work has ended.
    package func join() {
        pthread_join(thread, nil)
    }
}
