import CGit
import Domain

/// An open bare repository.
///
/// Calls block: use it on a pool thread only, through `GitService`.
package struct Repository: ~Copyable {
    private let repository: Handle
    let database: Handle
    /// Where it is.
    package let path: String
    /// What is read and written at most.
    package let limits: GitLimits

    var raw: OpaquePointer { repository.raw }

    /// Opens the bare repository at exactly this path.
    package init(opening path: String, limits: GitLimits = GitLimits()) throws(GitFault) {
        guard Library.isReady else { throw .failed("libgit2 could not be started") }
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        let repository = try Handle("the repository", release: git_repository_free) {
            git_repository_open_ext(&$0, path, flags, nil)
        }
        database = try Handle("the object database", release: git_odb_free) {
            git_repository_odb(&$0, repository.raw)
        }
        self.repository = repository
        self.path = path
        self.limits = limits
    }

    /// What a commit says.
    package func info(of commit: ObjectID) throws(GitFault) -> CommitInfo {
        let handle = try self.commit(commit)
        let raw = handle.raw
        guard let author = git_commit_author(raw), let committer = git_commit_committer(raw),
            let tree = git_commit_tree_id(raw)
        else { throw .failed("the commit \(commit) is incomplete") }
        let parents = (0..<git_commit_parentcount(raw)).compactMap { index in
            git_commit_parent_id(raw, index).map { ObjectID($0.pointee) }
        }
        return CommitInfo(
            id: commit,
            tree: ObjectID(tree.pointee),
            parents: parents,
            author: Signature(author.pointee),
            committer: Signature(committer.pointee),
            message: git_commit_message(raw).map { String(cString: $0) } ?? ""
        )
    }

    /// The content of one blob, within `limits.fileBytesMax`.
    package func content(of blob: ObjectID) throws(GitFault) -> [UInt8] {
        let size = try size(of: blob)
        guard size <= limits.fileBytesMax else {
            throw .tooLarge("the file \(blob) has \(size) bytes; \(limits.fileBytesMax) are taken")
        }
        var id = blob.raw
        let handle = try Handle("the file \(blob)", release: git_blob_free) { [raw] in
            git_blob_lookup(&$0, raw, &id)
        }
        guard let content = git_blob_rawcontent(handle.raw) else { return [] }
        let count = Int(git_blob_rawsize(handle.raw))
        return Array(UnsafeRawBufferPointer(start: content, count: count))
    }

    /// The size of an object in bytes, without reading it.
    func size(of object: ObjectID) throws(GitFault) -> Int {
        var id = object.raw
        var size = 0
        var kind = GIT_OBJECT_ANY
        try check(git_odb_read_header(&size, &kind, database.raw, &id), "the object \(object)")
        return size
    }

    /// Whether an object is there.
    package func holds(_ object: ObjectID) -> Bool {
        var id = object.raw
        return git_odb_exists(database.raw, &id) == 1
    }

    func commit(_ commit: ObjectID) throws(GitFault) -> Handle {
        var id = commit.raw
        return try Handle("the commit \(commit)", release: git_commit_free) { [raw] in
            git_commit_lookup(&$0, raw, &id)
        }
    }

    /// The tree itself, or the tree of a commit or tag.
    func tree(_ object: ObjectID) throws(GitFault) -> Handle {
        var id = object.raw
        let found = try Handle("the tree \(object)", release: git_object_free) { [raw] in
            git_object_lookup(&$0, raw, &id, GIT_OBJECT_ANY)
        }
        return try Handle("the tree \(object)", release: git_tree_free) {
            git_object_peel(&$0, found.raw, GIT_OBJECT_TREE)
        }
    }
}

extension Signature {
    init(_ signature: git_signature) {
        self.init(
            name: signature.name.map { String(cString: $0) } ?? "",
            email: signature.email.map { String(cString: $0) } ?? "",
            seconds: signature.when.time
        )
    }

    /// The signature as a commit or tag holds it; times are in UTC.
    var line: String { "\(Self.clean(name)) <\(Self.clean(email))> \(seconds) +0000" }

    /// A name that cannot break out of its line: no control characters, no angle brackets.
    private static func clean(_ text: String) -> String {
        let kept = text.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">"
        }
        let trimmed = String(String.UnicodeScalarView(kept)).split(separator: " ")
            .joined(separator: " ")
        return trimmed.isEmpty ? "unknown" : trimmed
    }
}
