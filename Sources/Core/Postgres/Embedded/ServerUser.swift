internal import CLinux
internal import Glibc

/// Who runs the private server: PostgreSQL refuses to run as root, so root has the `postgres`
/// user run it.
struct ServerUser: Equatable {
    let name: String
    let uid: uid_t
    let gid: gid_t
    /// Whether it is somebody else than this process.
    let isOther: Bool

    static func current(runsAsRoot: Bool = geteuid() == 0) throws(EmbeddedServerFault) -> Self {
        guard runsAsRoot else {
            return ServerUser(name: "", uid: geteuid(), gid: getegid(), isOther: false)
        }
        guard let entry = getpwnam("postgres") else { throw .userMissing }
        return ServerUser(
            name: "postgres",
            uid: entry.pointee.pw_uid,
            gid: entry.pointee.pw_gid,
            isOther: true
        )
    }

    /// The first folder on the way to `path` that the user may not pass through.
    func obstacle(on path: String) -> String? {
        guard isOther else { return nil }
        var folder = ""
        for part in path.split(separator: "/") {
            folder += "/\(part)"
            var status = stat()
            guard stat(folder, &status) == 0 else { return nil }
            let bit: mode_t =
                status.st_uid == uid ? S_IXUSR : status.st_gid == gid ? S_IXGRP : S_IXOTH
            if status.st_mode & bit == 0 { return folder }
        }
        return nil
    }

    /// Gives one file or folder to the user.
    func own(_ path: String) throws(SystemFailure) {
        guard isOther else { return }
        guard lchown(path, uid, gid) == 0 else { throw SystemFailure("chown \(path)") }
    }
}
