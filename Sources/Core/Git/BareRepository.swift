import Glibc
import Synchronization

/// A bare repository as files: made under another name and renamed, never seen half made.
enum BareRepository {
    private static let counter = Atomic<Int>(0)
    /// Files of the size of a folder that a crash left behind are removed after this many seconds.
    private static let leftoverSeconds = 3_600

    private static let configuration = """
        [core]
        \trepositoryformatversion = 0
        \tfilemode = true
        \tbare = true

        """

    /// Whether a folder looks like a bare repository.
    static func isPresent(at path: String) -> Bool {
        Disk.exists("\(path)/HEAD") && Disk.isFolder("\(path)/objects")
            && Disk.isFolder("\(path)/refs")
    }

    /// Makes an empty repository under a temporary name beside its later place.
    static func makeTemporary(for path: String, branch: String) throws(GitFault) -> String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = String(path[..<slash])
        let name = path[slash...].drop { $0 == "/" }
        guard path.hasPrefix("/"), !name.isEmpty else {
            throw .malformed("a repository's path must be absolute")
        }
        try Disk.makeFolders(folder.isEmpty ? "/" : folder)
        removeLeftovers(of: String(name), in: folder)
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let temporary = "\(folder)/.\(name).\(getpid())-\(number).tmp"
        try Disk.removeFolder(temporary)
        for part in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
            try Disk.makeFolders("\(temporary)/\(part)")
        }
        try Disk.write("ref: refs/heads/\(branch)\n", to: "\(temporary)/HEAD")
        try Disk.write(configuration, to: "\(temporary)/config")
        return temporary
    }

    /// Gives every finished object of one repository to another as well, without copying it.
    static func shareObjects(of source: String, with destination: String) throws(GitFault) {
        let objects = "\(source)/objects"
        for folder in Disk.names(in: objects) where folder.utf8.count == 2 {
            let target = "\(destination)/objects/\(folder)"
            try Disk.makeFolders(target)
            for name in Disk.names(in: "\(objects)/\(folder)") where name.utf8.count == 38 {
                try Disk.link("\(objects)/\(folder)/\(name)", to: "\(target)/\(name)")
            }
        }
        let packs = Disk.names(in: "\(objects)/pack")
        let indexed = packs.filter { $0.hasSuffix(".idx") }.map { $0.dropLast(4) }
        // The pack goes first: an index without its pack would be an error to readers.
        for pack in indexed {
            for suffix in [".pack", ".rev", ".idx"] where packs.contains(pack + suffix) {
                let name = "objects/pack/\(pack)\(suffix)"
                try Disk.link("\(source)/\(name)", to: "\(destination)/\(name)")
            }
        }
    }

    /// Removes what an earlier process left under a temporary name when it was killed.
    private static func removeLeftovers(of name: String, in folder: String) {
        let oldest = time(nil) - leftoverSeconds
        for candidate in Disk.names(in: folder)
        where candidate.hasPrefix(".\(name).") && candidate.hasSuffix(".tmp") {
            var status = stat()
            let path = "\(folder)/\(candidate)"
            guard lstat(path, &status) == 0, status.st_mtim.tv_sec < oldest else { continue }
            // What cannot be removed now is tried again by the next one.
            try? Disk.removeFolder(path)
        }
    }
}

extension Repository {
    /// Makes an empty bare repository, or leaves the one that is there; never half of one.
    package static func create(at path: String, branch: String = "main") throws(GitFault) {
        guard !BareRepository.isPresent(at: path) else { return }
        let temporary = try BareRepository.makeTemporary(for: path, branch: branch)
        do throws(GitFault) {
            let isFirst = try Disk.moveFolder(temporary, to: path)
            guard !isFirst else { return }
            try Disk.removeFolder(temporary)
            guard BareRepository.isPresent(at: path) else { throw .exists(path) }
        } catch {
            // The first fault is the one to tell.
            try? Disk.removeFolder(temporary)
            throw error
        }
    }

    /// Removes a repository with everything in it; no fault when it is not there.
    ///
    /// Refuses a folder that is not a bare repository.
    package static func remove(at path: String) throws(GitFault) {
        guard Disk.exists(path) else { return }
        guard BareRepository.isPresent(at: path) else {
            throw .refused([Refusal(path: path, reason: "is not a bare repository")])
        }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let name = path[slash...].drop { $0 == "/" }
        // Under a temporary name first: nobody opens it half removed.
        let temporary = "\(path[..<slash])/.\(name).\(getpid())-removed.tmp"
        try Disk.removeFolder(temporary)
        _ = try Disk.moveFolder(path, to: temporary)
        try Disk.removeFolder(temporary)
    }
}
