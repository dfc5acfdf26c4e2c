import CGit
import Glibc

/// Lock files that a killed process left behind.
///
/// Git and libgit2 hold `NAME.lock` beside a reference while they write it, which takes
/// milliseconds. A process that is killed in between leaves the file for ever, and every later
/// change of the reference would be refused.
extension Repository {
    /// The age in seconds from which a lock is taken for left behind: a thousand times what an
    /// update takes, and no more than a job's step can wait.
    private static var lockAgeMax: Int { 15 }

    /// Removes the locks that keep a reference from being changed, where they were left behind.
    ///
    /// Returns whether there was one; then the change is worth another try.
    func removeStaleLocks(of reference: String) -> Bool {
        guard let folder = git_repository_path(raw).map({ String(cString: $0) }) else {
            return false
        }
        let names = [reference, "packed-refs", "HEAD"]
        return names.reduce(false) { Self.removeStaleLock(folder + $1 + ".lock") || $0 }
    }

    private static func removeStaleLock(_ path: String) -> Bool {
        guard isStale(path) else { return false }
        // Another process may have done the same and begun anew: what is moved aside is looked at
        // again, and put back where it is young.
        let aside = "\(path).\(getpid()).stale"
        guard rename(path, aside) == 0 else { return true }
        if !isStale(aside) { link(aside, path) }
        unlink(aside)
        return true
    }

    private static func isStale(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return time(nil) - status.st_mtim.tv_sec >= lockAgeMax
    }
}
