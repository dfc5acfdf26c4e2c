import CGit
package import Domain

extension Repository {
    /// Merges what changed from `base` to `theirs` into `ours`; all three are trees or commits.
    package func merge(
        base: ObjectID,
        ours: ObjectID,
        theirs: ObjectID
    ) throws(GitFault) -> MergeOutcome {
        let baseTree = try tree(base)
        let ourTree = try tree(ours)
        let theirTree = try tree(theirs)
        var options = git_merge_options()
        try check(
            git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)),
            "a merge"
        )
        let index = try Handle("a merge", release: git_index_free) { [raw] in
            git_merge_trees(&$0, raw, baseTree.raw, ourTree.raw, theirTree.raw, &options)
        }
        guard git_index_has_conflicts(index.raw) == 0 else {
            return .conflicts(try conflicts(in: index.raw))
        }
        var id = git_oid()
        try check(git_index_write_tree_to(&id, index.raw, raw), "the merged tree")
        return .merged(tree: ObjectID(id))
    }

    private func conflicts(in index: OpaquePointer) throws(GitFault) -> [String] {
        let iterator = try Handle("the conflicts", release: git_index_conflict_iterator_free) {
            git_index_conflict_iterator_new(&$0, index)
        }
        var paths: Set<String> = []
        var base: UnsafePointer<git_index_entry>?
        var ours: UnsafePointer<git_index_entry>?
        var theirs: UnsafePointer<git_index_entry>?
        while git_index_conflict_next(&base, &ours, &theirs, iterator.raw) == 0 {
            for case let side? in [base, ours, theirs] {
                paths.insert(String(cString: side.pointee.path))
            }
        }
        return paths.sorted()
    }

    /// What differs between two trees or commits, in the order of the paths.
    package func changes(
        from before: ObjectID?,
        to after: ObjectID
    ) throws(GitFault) -> [FileChange] {
        let afterTree = try tree(after)
        guard let before else { return try changes(nil, afterTree.raw) }
        let beforeTree = try tree(before)
        return try changes(beforeTree.raw, afterTree.raw)
    }

    private func changes(
        _ before: OpaquePointer?,
        _ after: OpaquePointer
    ) throws(GitFault) -> [FileChange] {
        let diff = try Handle("a difference", release: git_diff_free) { [raw] in
            git_diff_tree_to_tree(&$0, raw, before, after, nil)
        }
        let count = git_diff_num_deltas(diff.raw)
        guard count <= limits.filesMax else {
            throw .tooLarge("more than \(limits.filesMax) files differ")
        }
        var changes: [FileChange] = []
        for index in 0..<count {
            guard let delta = git_diff_get_delta(diff.raw, index)?.pointee else { continue }
            let old = ObjectID(delta.old_file.id)
            let new = ObjectID(delta.new_file.id)
            let path = String(cString: delta.new_file.path)
            switch delta.status {
            case GIT_DELTA_ADDED:
                changes.append(FileChange(path: path, kind: .added, before: nil, after: new))
            case GIT_DELTA_DELETED:
                changes.append(FileChange(path: path, kind: .removed, before: old, after: nil))
            default:
                changes.append(FileChange(path: path, kind: .changed, before: old, after: new))
            }
        }
        return changes
    }

    /// The newest commits reachable from one, newest first; with `path`, those that changed it.
    package func log(
        from commit: ObjectID,
        path: RepositoryPath? = nil,
        limit: Int
    ) throws(GitFault) -> [CommitInfo] {
        let walk = try Handle("the history", release: git_revwalk_free) { [raw] in
            git_revwalk_new(&$0, raw)
        }
        let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
        try check(git_revwalk_sorting(walk.raw, order), "the history")
        var id = commit.raw
        try check(git_revwalk_push(walk.raw, &id), "the commit \(commit)")
        var commits: [CommitInfo] = []
        var visited = 0
        while commits.count < limit, git_revwalk_next(&id, walk.raw) == 0 {
            visited += 1
            guard visited <= limits.commitsMax else { break }
            let info = try info(of: ObjectID(id))
            if let path, try !changed(path, in: info) { continue }
            commits.append(info)
        }
        return commits
    }

    private func changed(_ path: RepositoryPath, in info: CommitInfo) throws(GitFault) -> Bool {
        let mine = try entry(path, in: info.tree)
        guard let parent = info.parents.first else { return mine != nil }
        return try mine != entry(path, in: parent)
    }

    private func entry(_ path: RepositoryPath, in object: ObjectID) throws(GitFault) -> ObjectID? {
        let tree = try tree(object)
        var entry: OpaquePointer?
        guard git_tree_entry_bypath(&entry, tree.raw, path.text) == 0, let entry else { return nil }
        defer { git_tree_entry_free(entry) }
        return git_tree_entry_id(entry).map { ObjectID($0.pointee) }
    }

    /// Whether `ancestor` is `commit` or behind it.
    package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitFault) -> Bool {
        guard ancestor != commit else { return true }
        var ancestorID = ancestor.raw
        var commitID = commit.raw
        let result = git_graph_descendant_of(raw, &commitID, &ancestorID)
        try check(result, "the history of \(commit)")
        return result == 1
    }

    /// How many commits each side has that the other has not.
    package func distance(
        from local: ObjectID,
        to other: ObjectID
    ) throws(GitFault) -> (ahead: Int, behind: Int) {
        var localID = local.raw
        var otherID = other.raw
        var ahead = 0
        var behind = 0
        try check(
            git_graph_ahead_behind(&ahead, &behind, raw, &localID, &otherID),
            "the history of \(local)"
        )
        return (ahead, behind)
    }
}
