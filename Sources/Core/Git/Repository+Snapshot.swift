import CGit
package import Domain
import Glibc

extension Repository {
    /// Every file of a commit, in the order of the paths, each checked; contents where asked for.
    ///
    /// Throws `.refused` with all offending paths, or `.tooLarge`.
    package func snapshot(
        of commit: ObjectID,
        reading wanted: (RepositoryPath) -> Bool = { _ in false }
    ) throws(GitFault) -> [SnapshotFile] {
        let tree = try tree(commit)
        var walk = SnapshotWalk(limits: limits)
        try walk.visit(tree.raw, in: self, prefix: "", depth: 1)
        guard walk.refusals.isEmpty else {
            throw .refused(Array(walk.refusals.prefix(limits.refusalsMax)))
        }
        var files: [SnapshotFile] = []
        files.reserveCapacity(walk.files.count)
        for file in walk.files.sorted(by: { $0.path < $1.path }) {
            let isRead = file.mode == .symbolicLink || wanted(file.path)
            if isRead, file.size > limits.fileBytesMax {
                let reason = "has \(file.size) bytes; at most \(limits.fileBytesMax) are read"
                throw .refused([Refusal(path: file.path.text, reason: reason)])
            }
            let content = isRead ? try content(of: file.id) : nil
            files.append(
                SnapshotFile(
                    path: file.path,
                    mode: file.mode,
                    id: file.id,
                    size: file.size,
                    content: content
                )
            )
        }
        try checkLinks(in: files)
        return files
    }

    /// Names what is at a path of a commit, a folder or a file; nil when nothing is.
    ///
    /// Without a path it is the whole tree.
    package func object(
        at path: RepositoryPath?,
        of commit: ObjectID
    ) throws(GitFault) -> ObjectID? {
        let tree = try tree(commit)
        guard let path else { return git_tree_id(tree.raw).map { ObjectID($0.pointee) } }
        var entry: OpaquePointer?
        let code = git_tree_entry_bypath(&entry, tree.raw, path.text)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, path.text)
        guard let entry else { return nil }
        defer { git_tree_entry_free(entry) }
        return git_tree_entry_id(entry).map { ObjectID($0.pointee) }
    }

    /// The plain files of a folder of a commit with everything below, by their paths from the top
    /// of the repository; empty when it is not there or not a folder.
    ///
    /// Without a folder it is the whole tree.
    ///
    /// Throws `.refused` with all offending paths, or `.tooLarge`.
    package func files(
        in folder: RepositoryPath?,
        of commit: ObjectID
    ) throws(GitFault) -> [String: [UInt8]] {
        guard let id = try object(at: folder, of: commit), try isTree(id) else { return [:] }
        let tree = try tree(id)
        var walk = SnapshotWalk(limits: limits)
        let prefix = folder.map { $0.text + "/" } ?? ""
        try walk.visit(tree.raw, in: self, prefix: prefix, depth: 1)
        guard walk.refusals.isEmpty else {
            throw .refused(Array(walk.refusals.prefix(limits.refusalsMax)))
        }
        var files: [String: [UInt8]] = [:]
        for file in walk.files where file.mode != .symbolicLink {
            files[file.path.text] = try content(of: file.id)
        }
        return files
    }

    private func isTree(_ object: ObjectID) throws(GitFault) -> Bool {
        var id = object.raw
        var size = 0
        var kind = GIT_OBJECT_ANY
        try check(git_odb_read_header(&size, &kind, database.raw, &id), "the object \(object)")
        return kind == GIT_OBJECT_TREE
    }

    /// The content of one file of a commit; nil when it is not there or not a file.
    package func file(_ path: RepositoryPath, of commit: ObjectID) throws(GitFault) -> [UInt8]? {
        let tree = try tree(commit)
        var entry: OpaquePointer?
        let code = git_tree_entry_bypath(&entry, tree.raw, path.text)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, path.text)
        guard let entry else { return nil }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB, let id = git_tree_entry_id(entry)
        else { return nil }
        return try content(of: ObjectID(id.pointee))
    }

    /// What a folder of a commit holds, in Git's order; empty when it is not there or not a folder.
    package func names(
        in folder: RepositoryPath,
        of commit: ObjectID
    ) throws(GitFault) -> [String] {
        let tree = try tree(commit)
        var entry: OpaquePointer?
        let code = git_tree_entry_bypath(&entry, tree.raw, folder.text)
        if code == GIT_ENOTFOUND.rawValue { return [] }
        try check(code, folder.text)
        guard let entry else { return [] }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_TREE, let id = git_tree_entry_id(entry)
        else { return [] }
        return try names(of: ObjectID(id.pointee))
    }

    /// Links must stay inside: `..` only at the start, and only as often as the link is deep.
    private func checkLinks(in files: [SnapshotFile]) throws(GitFault) {
        var refusals: [Refusal] = []
        for file in files where file.mode == .symbolicLink {
            guard let reason = Self.reasonAgainst(link: file) else { continue }
            refusals.append(Refusal(path: file.path.text, reason: reason))
        }
        guard refusals.isEmpty else { throw .refused(refusals) }
    }

    private static func reasonAgainst(link: SnapshotFile) -> String? {
        guard let text = link.content.flatMap({ String(validating: $0, as: UTF8.self) }),
            !text.isEmpty, text.utf8.count <= RepositoryPath.bytesMax
        else { return "is a symbolic link to nothing that could be a path" }
        guard !text.hasPrefix("/") else { return "is a symbolic link out of the repository" }
        // Git itself refuses `.gitmodules` and its like as links (fsck: gitmodulesSymlink).
        guard link.path.components.last?.lowercased().hasPrefix(".git") != true else {
            return "is a symbolic link where Git wants a file"
        }
        var names = text.split(separator: "/").filter { $0 != "." }[...]
        var depth = link.path.components.count - 1
        while names.first == ".." {
            names.removeFirst()
            depth -= 1
        }
        guard depth >= 0, !names.contains("..") else {
            return "is a symbolic link out of the repository"
        }
        for name in names {
            do throws(PathFault) {
                try RepositoryPath.check(Array(name.utf8))
            } catch {
                return "is a symbolic link to a path that \(error.reason)"
            }
        }
        return nil
    }
}

/// Collects the files of a tree, and everything in it that is not taken.
private struct SnapshotWalk {
    struct File {
        let path: RepositoryPath
        let mode: FileMode
        let id: ObjectID
        let size: Int
    }

    let limits: GitLimits
    var files: [File] = []
    var refusals: [Refusal] = []
    private var bytes = 0
    private var folders = 0

    init(limits: GitLimits) {
        self.limits = limits
    }

    mutating func visit(
        _ tree: OpaquePointer,
        in repository: borrowing Repository,
        prefix: String,
        depth: Int
    ) throws(GitFault) {
        for index in 0..<git_tree_entrycount(tree) {
            guard refusals.count <= limits.refusalsMax,
                let entry = git_tree_entry_byindex(tree, index),
                let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry)
            else { continue }
            let bytes = UnsafeBufferPointer(
                start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self),
                count: strlen(name)
            )
            let path = prefix + String(decoding: bytes, as: UTF8.self)
            do throws(PathFault) {
                try RepositoryPath.check(bytes)
            } catch {
                refuse(path, error.reason)
                continue
            }
            try visit(entry, ObjectID(id.pointee), at: path, in: repository, depth: depth)
        }
    }

    private mutating func visit(
        _ entry: OpaquePointer,
        _ id: ObjectID,
        at path: String,
        in repository: borrowing Repository,
        depth: Int
    ) throws(GitFault) {
        switch git_tree_entry_filemode(entry) {
        case GIT_FILEMODE_TREE:
            guard depth < RepositoryPath.depthMax else {
                return refuse(path, PathFault.tooDeep.reason)
            }
            folders += 1
            guard folders <= limits.filesMax else {
                throw .tooLarge("the tree has more than \(limits.filesMax) folders")
            }
            let child = try repository.tree(id)
            try visit(child.raw, in: repository, prefix: path + "/", depth: depth + 1)
        case GIT_FILEMODE_BLOB: try add(.regular, id, at: path, in: repository)
        case GIT_FILEMODE_BLOB_EXECUTABLE: try add(.executable, id, at: path, in: repository)
        case GIT_FILEMODE_LINK: try add(.symbolicLink, id, at: path, in: repository)
        case GIT_FILEMODE_COMMIT: refuse(path, "is a submodule; submodules are not taken")
        default: refuse(path, "has a mode that is not taken")
        }
    }

    private mutating func add(
        _ mode: FileMode,
        _ id: ObjectID,
        at path: String,
        in repository: borrowing Repository
    ) throws(GitFault) {
        guard files.count < limits.filesMax else {
            throw .tooLarge("the tree has more than \(limits.filesMax) files")
        }
        let size = try repository.size(of: id)
        bytes += size
        guard bytes <= limits.treeBytesMax else {
            throw .tooLarge("the files have more than \(limits.treeBytesMax) bytes together")
        }
        do throws(PathFault) {
            let checked = try RepositoryPath(parsing: path)
            files.append(File(path: checked, mode: mode, id: id, size: size))
        } catch {
            refuse(path, error.reason)
        }
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        let shown = path.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: shown)
        refusals.append(Refusal(path: String(String(text).prefix(200)), reason: reason))
    }
}
