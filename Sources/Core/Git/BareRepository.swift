import Glibc

/// A bare repository as files: made under another name and renamed, never seen half made.
enum BareRepository {
    /// What a crash left behind is removed after this many seconds: no fork takes as long.
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

    /// Makes an empty repository under a temporary name beside its later place, with the mark of
    /// its owner where it has one.
    static func makeTemporary(
        for path: String,
        branch: String,
        owner: String? = nil
    ) throws(GitFault) -> String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = String(path[..<slash])
        let name = path[slash...].drop { $0 == "/" }
        guard path.hasPrefix("/"), !name.isEmpty else {
            throw .malformed("a repository's path must be absolute")
        }
        try Disk.makeFolders(folder.isEmpty ? "/" : folder)
        removeOldLeftovers(beside: path)
        let temporary = Disk.temporary(beside: path)
        for part in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
            try Disk.makeFolders("\(temporary)/\(part)")
        }
        try Disk.write("ref: refs/heads/\(branch)\n", to: "\(temporary)/HEAD")
        let mark = owner.map { "[slipway]\n\ttenant = \"\($0)\"\n" } ?? ""
        try Disk.write(configuration + mark, to: "\(temporary)/config")
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
    private static func removeOldLeftovers(beside path: String) {
        let oldest = time(nil) - leftoverSeconds
        for leftover in Disk.leftovers(beside: path) {
            var status = stat()
            guard lstat(leftover, &status) == 0, status.st_mtim.tv_sec < oldest else { continue }
            // What cannot be removed now is tried again by the next one.
            try? Disk.removeFolder(leftover)
        }
    }
}

extension Repository {
    /// Makes an empty bare repository, or leaves the one that is there; never half of one.
    package static func create(
        at path: String,
        branch: String = "main",
        owner: String? = nil
    ) throws(GitFault) {
        guard !BareRepository.isPresent(at: path) else { return }
        let temporary = try BareRepository.makeTemporary(for: path, branch: branch, owner: owner)
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

    /// Removes a repository with everything in it, and what forks and removals that were killed
    /// left of it; no fault when it is not there.
    ///
    /// Refuses a folder that is not a bare repository, and leaves one that was not made for
    /// `owner`.
    package static func remove(
        at path: String,
        of owner: RepositoryOwner? = nil
    ) throws(GitFault) {
        if Disk.exists(path) {
            guard BareRepository.isPresent(at: path) else {
                throw .refused([Refusal(path: path, reason: "is not a bare repository")])
            }
            if let owner, try !Repository(opening: path).belongs(to: owner) { return }
            // Under a temporary name first: nobody opens it half removed.
            _ = try Disk.moveFolder(path, to: Disk.temporary(beside: path))
        }
        for leftover in leftovers(of: path) { try Disk.removeFolder(leftover) }
    }

    /// What forks and removals left of a repository under other names when they were killed.
    package static func leftovers(of path: String) -> [String] { Disk.leftovers(beside: path) }

    /// The names, without `.git` and free of dots, of the repositories in a folder; those of which
    /// only leftovers are there as well.
    package static func names(in folder: String) -> [String] {
        let names = Disk.names(in: folder).compactMap { entry in
            let parts = entry.split(separator: ".")
            return parts.count > 1 && parts[1] == "git" ? String(parts[0]) : nil
        }
        return Set(names).sorted()
    }
}
