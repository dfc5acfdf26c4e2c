import CGit
import CLinux
import EventLoop
import Glibc

/// The right to change references of a repository, held by one process or thread at a time.
///
/// The kernel's own lock (flock(2)) on a file of the repository: it ends with whoever holds it,
/// killed or not. A push and a fetch take it as well (`GitHome`), so under it every lock file of
/// Git's is one that nobody holds any more.
struct RepositoryLock: ~Copyable {
    /// The file in the repository.
    static let fileName = "slipway.lock"
    /// How long a change waits for others, in milliseconds: a change takes a few, and a thread of
    /// the pool waits along.
    private static let waitMax = 5_000

    private let descriptor: Descriptor

    /// Waits for the right; throws `.busy` when others do not let go of it.
    static func take(
        of repository: String,
        waitMax: Int = waitMax
    ) throws(GitFault) -> RepositoryLock {
        let path = "\(repository)/\(fileName)"
        let raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard raw >= 0 else { throw Disk.fault("open", path) }
        let descriptor = Descriptor(owning: raw)
        var waited = 0
        while slipway_lock_file(descriptor.raw) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw Disk.fault("flock", path) }
            guard waited < waitMax else { throw .busy }
            let pause = min(1 + waited / 10, 50)
            usleep(useconds_t(pause) * 1_000)
            waited += pause
        }
        return RepositoryLock(descriptor: descriptor)
    }

    /// Lets the next one.
    consuming func release() {}

    /// Removes the lock files that killed processes left behind in a repository.
    borrowing func removeStaleFiles(in repository: String) {
        for name in ["HEAD.lock", "packed-refs.lock"] { unlink("\(repository)/\(name)") }
        Self.removeLocks(below: "\(repository)/refs")
    }

    private static func removeLocks(below folder: String) {
        for name in Disk.names(in: folder) {
            let path = "\(folder)/\(name)"
            if Disk.isFolder(path) {
                removeLocks(below: path)
            } else if name.hasSuffix(".lock") {
                unlink(path)
            }
        }
    }
}

extension Repository {
    /// Changes a reference with nobody else changing any, whatever killed processes left behind.
    ///
    /// The body returns the code of libgit2, which is told on.
    func changing(_ body: () -> Int32) throws(GitFault) -> Int32 {
        let lock = try RepositoryLock.take(of: path)
        var code = body()
        if code == GIT_ELOCKED.rawValue {
            lock.removeStaleFiles(in: path)
            code = body()
        }
        lock.release()
        return code
    }
}
