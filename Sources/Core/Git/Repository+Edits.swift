import CGit
import Domain
import Glibc

extension Repository {
    /// Writes the tree that comes out of the edits; `base` nil starts from nothing.
    ///
    /// Only the folders on the way to an edit are read and written.
    package func editTree(
        _ base: ObjectID?,
        _ edits: [TreeEdit]
    ) throws(GitFault) -> ObjectID {
        let pending: [PendingEdit] = edits.map { edit in
            switch edit {
            case .put(let file): PendingEdit(rest: file.path.components[...], file: file)
            case .remove(let path): PendingEdit(rest: path.components[...], file: nil)
            }
        }
        var tree: ObjectID?
        if let base { tree = ObjectID(try id(of: self.tree(base))) }
        if let edited = try edit(tree, pending) { return edited }
        return try write([], as: .tree)
    }

    private func id(of tree: consuming Handle) throws(GitFault) -> git_oid {
        guard let id = git_tree_id(tree.raw) else { throw .failed("a tree has no name") }
        return id.pointee
    }

    /// One folder with edits in it; nil when nothing is left.
    private func edit(
        _ folder: ObjectID?,
        _ edits: [PendingEdit]
    ) throws(GitFault) -> ObjectID? {
        var entries: [String: TreeEntry] = [:]
        if let folder { entries = try self.entries(of: folder) }
        var deeper: [String: [PendingEdit]] = [:]
        for edit in edits {
            guard let first = edit.rest.first.map(String.init) else { continue }
            if edit.rest.count > 1 {
                deeper[first, default: []].append(
                    PendingEdit(rest: edit.rest.dropFirst(), file: edit.file)
                )
            } else if let file = edit.file {
                entries[first] = try TreeEntry(file, named: first, to: self)
                deeper[first] = nil
            } else {
                entries[first] = nil
                deeper[first] = nil
            }
        }
        for (name, edits) in deeper {
            let existing = entries[name].flatMap { $0.mode == .folder ? $0.id : nil }
            guard let id = try edit(existing, edits) else {
                if existing != nil { entries[name] = nil }
                continue
            }
            entries[name] = TreeEntry(name: name, mode: .folder, id: id)
        }
        guard !entries.isEmpty else { return nil }
        return try write(TreeEntry.serialized(Array(entries.values)), as: .tree)
    }

    private func entries(of folder: ObjectID) throws(GitFault) -> [String: TreeEntry] {
        let tree = try tree(folder)
        var entries: [String: TreeEntry] = [:]
        for index in 0..<git_tree_entrycount(tree.raw) {
            guard let entry = git_tree_entry_byindex(tree.raw, index),
                let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry),
                let text = String(validatingCString: name)
            else { throw .failed("a folder holds a name that is not UTF-8") }
            let mode: TreeEntry.Mode
            switch git_tree_entry_filemode(entry) {
            case GIT_FILEMODE_TREE: mode = .folder
            case GIT_FILEMODE_BLOB_EXECUTABLE: mode = .executable
            case GIT_FILEMODE_LINK: mode = .symbolicLink
            case GIT_FILEMODE_COMMIT: mode = .repository
            default: mode = .regular
            }
            entries[text] = TreeEntry(name: text, mode: mode, id: ObjectID(id.pointee))
        }
        return entries
    }

    /// The names in a folder, in Git's order.
    func names(of folder: ObjectID) throws(GitFault) -> [String] {
        try entries(of: folder).keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Commits edits onto a branch, redoing them on the newest state when others commit as well.
    ///
    /// The closure sees the head it works on (nil: the branch is new) and returns its edits; no
    /// commit is made when they change nothing.
    package func commit(
        onto branch: String,
        text: CommitText,
        _ edits: (borrowing Repository, ObjectID?) throws(GitFault) -> [TreeEdit]
    ) throws(GitFault) -> CommitReceipt {
        let reference = "refs/heads/\(branch)"
        for attempt in 1...limits.commitAttemptsMax {
            let head = try commit(named: reference)
            let before = try head.map { commit throws(GitFault) in try info(of: commit).tree }
            let tree = try editTree(before, try edits(self, head))
            if let head, tree == before {
                return CommitReceipt(commit: head, changed: false, attempts: attempt)
            }
            let commit = try writeCommit(tree: tree, parents: head.map { [$0] } ?? [], text: text)
            do throws(GitFault) {
                try move(reference, from: head, to: commit)
                return CommitReceipt(commit: commit, changed: true, attempts: attempt)
            } catch .moved {
                // Somebody else was faster, or holds the lock: let them finish.
                usleep(useconds_t(min(attempt, 20)) * 1_000)
            }
        }
        throw .moved(reference: reference, found: try commit(named: reference))
    }
}

/// An edit on its way down the folders.
private struct PendingEdit {
    let rest: ArraySlice<Substring>
    let file: TreeFile?
}
