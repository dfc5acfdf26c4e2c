import CLinux
import Glibc

/// What a new thread is to run, kept alive on the way to it.
private final class ThreadBody {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// Starts a thread that must be joined; `name` is cut at the 15 bytes that the kernel keeps.
func startThread(named name: String, _ run: @escaping @Sendable () -> Void) -> pthread_t {
    let body = Unmanaged.passRetained(ThreadBody(name: name, run: run))
    var thread = pthread_t()
    let result = pthread_create(
        &thread,
        nil,
        { pointer in
            guard let pointer else { return nil }
            let body = Unmanaged<ThreadBody>.fromOpaque(pointer).takeRetainedValue()
            slipway_name_thread(body.name)
            body.run()
            return nil
        },
        body.toOpaque()
    )
    precondition(result == 0, "the kernel gave no thread: raise the limit on processes")
    return thread
}
