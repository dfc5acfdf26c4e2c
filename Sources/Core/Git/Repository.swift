import CGit
package import Domain

/// An open bare repository. Calls block: use it on a pool thread only, through `GitService`.
package struct Repository: ~Copyable {
    let handle: OpaquePointer
    /// What is read and written at most.
    package let limits: GitLimits

    /// Opens the bare repository at exactly this path.
    package init(opening path: String, limits: GitLimits = GitLimits()) throws(GitFault) {
        preconditionFailure("not built yet")
    }

    deinit {
        git_repository_free(handle)
    }

    /// Makes an empty bare repository, or leaves the one that is there; never half of one.
    package static func create(at path: String, branch: String = "main") throws(GitFault) {
        preconditionFailure("not built yet")
    }

    /// The default branch, without `refs/heads/`.
    package func defaultBranch() throws(GitFault) -> String {
        preconditionFailure("not built yet")
    }

    /// Where a reference points, peeled to a commit; nil when there is none.
    /// Takes full names (`refs/heads/main`), branch and tag names, and forty digits.
    package func commit(named name: String) throws(GitFault) -> ObjectID? {
        preconditionFailure("not built yet")
    }

    /// All branches in the order of their names.
    package func branches() throws(GitFault) -> [Branch] {
        preconditionFailure("not built yet")
    }

    /// All tags that lead to a commit: versions first, newest first, then the others by name.
    package func tags() throws(GitFault) -> [Tag] {
        preconditionFailure("not built yet")
    }

    /// What a commit says.
    package func info(of commit: ObjectID) throws(GitFault) -> CommitInfo {
        preconditionFailure("not built yet")
    }

    /// Every file of a commit, in the order of the paths, each checked; contents where asked for.
    /// Throws `.refused` with all offending paths, or `.tooLarge`.
    package func snapshot(
        of commit: ObjectID,
        reading wanted: (RepositoryPath) -> Bool = { _ in false }
    ) throws(GitFault) -> [SnapshotFile] {
        preconditionFailure("not built yet")
    }

    /// The content of one file of a commit; nil when it is not there or not a file.
    package func file(_ path: RepositoryPath, of commit: ObjectID) throws(GitFault) -> [UInt8]? {
        preconditionFailure("not built yet")
    }

    /// The content of one blob, within `limits.fileBytesMax`.
    package func content(of blob: ObjectID) throws(GitFault) -> [UInt8] {
        preconditionFailure("not built yet")
    }

    /// Writes a tree of exactly these files.
    package func writeTree(_ files: [TreeFile]) throws(GitFault) -> ObjectID {
        preconditionFailure("not built yet")
    }

    /// Writes the tree that comes out of the edits; `base` nil starts from nothing.
    package func editTree(
        _ base: ObjectID?,
        _ edits: [TreeEdit]
    ) throws(GitFault) -> ObjectID {
        preconditionFailure("not built yet")
    }

    /// Writes a commit; moves no reference. Equal arguments make the equal commit.
    package func writeCommit(
        tree: ObjectID,
        parents: [ObjectID],
        text: CommitText
    ) throws(GitFault) -> ObjectID {
        preconditionFailure("not built yet")
    }

    /// Moves a reference, provided that it is where the caller believes (nil: does not exist yet).
    /// Throws `.moved` otherwise.
    package func move(
        _ reference: String,
        from expected: ObjectID?,
        to target: ObjectID
    ) throws(GitFault) {
        preconditionFailure("not built yet")
    }

    /// Removes a branch, provided that it is where the caller believes.
    package func removeBranch(_ name: String, at expected: ObjectID) throws(GitFault) {
        preconditionFailure("not built yet")
    }

    /// Commits edits onto a branch, redoing them on the newest state when others commit as well.
    /// The closure sees the head it works on (nil: the branch is new) and returns its edits;
    /// no commit is made when they change nothing.
    package func commit(
        onto branch: String,
        text: CommitText,
        _ edits: (borrowing Repository, ObjectID?) throws(GitFault) -> [TreeEdit]
    ) throws(GitFault) -> CommitReceipt {
        preconditionFailure("not built yet")
    }

    /// Merges what changed from `base` to `theirs` into `ours`; all three are trees or commits.
    package func merge(
        base: ObjectID,
        ours: ObjectID,
        theirs: ObjectID
    ) throws(GitFault) -> MergeOutcome {
        preconditionFailure("not built yet")
    }

    /// What differs between two trees or commits, in the order of the paths.
    package func changes(
        from before: ObjectID?,
        to after: ObjectID
    ) throws(GitFault) -> [FileChange] {
        preconditionFailure("not built yet")
    }

    /// The newest commits reachable from one, newest first; with `path`, those that changed it.
    package func log(
        from commit: ObjectID,
        path: RepositoryPath? = nil,
        limit: Int
    ) throws(GitFault) -> [CommitInfo] {
        preconditionFailure("not built yet")
    }

    /// Whether `ancestor` is `commit` or behind it.
    package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitFault) -> Bool {
        preconditionFailure("not built yet")
    }

    /// How many commits each side has that the other has not.
    package func distance(
        from local: ObjectID,
        to other: ObjectID
    ) throws(GitFault) -> (ahead: Int, behind: Int) {
        preconditionFailure("not built yet")
    }

    /// Makes an annotated tag; no fault when the same tag is there already.
    package func tag(
        _ name: String,
        commit: ObjectID,
        message: String,
        by tagger: Signature
    ) throws(GitFault) {
        preconditionFailure("not built yet")
    }
}
