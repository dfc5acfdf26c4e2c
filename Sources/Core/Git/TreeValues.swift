package import Domain

/// What a tree entry is, as far as Slipway takes it.
package enum FileMode: String, Sendable {
    /// 100644
    case regular
    /// 100755
    case executable
    /// 120000, kept only when it points inside the tree.
    case symbolicLink
}

/// One file of a commit.
package struct SnapshotFile: Sendable {
    /// Where it is.
    package let path: RepositoryPath
    /// What it is.
    package let mode: FileMode
    /// The object that holds its content.
    package let id: ObjectID
    /// Its size in bytes.
    package let size: Int
    /// Its content, where the caller asked for it.
    package let content: [UInt8]?
}

/// One file of a tree to be written.
package struct TreeFile: Sendable {
    /// Where its bytes come from.
    package enum Content: Sendable {
        /// An object that the repository holds already.
        case object(ObjectID)
        /// New bytes.
        case bytes([UInt8])
    }

    /// Where it goes.
    package let path: RepositoryPath
    /// What it is.
    package let mode: FileMode
    /// What it holds.
    package let content: Content

    /// A file to be written.
    package init(path: RepositoryPath, mode: FileMode = .regular, content: Content) {
        self.path = path
        self.mode = mode
        self.content = content
    }
}

/// One change to a tree.
package enum TreeEdit: Sendable {
    /// Adds the file or replaces what is there.
    case put(TreeFile)
    /// Removes the file; no fault when it is not there.
    case remove(RepositoryPath)
}

/// Who did something, and when.
package struct Signature: Equatable, Sendable {
    /// The person's or program's name.
    package let name: String
    /// The address, without angle brackets.
    package let email: String
    /// Seconds since 1970.
    package let seconds: Int64

    /// Someone at some time.
    package init(name: String, email: String, seconds: Int64) {
        self.name = name
        self.email = email
        self.seconds = seconds
    }
}

/// What a commit says besides its tree.
package struct CommitText: Equatable, Sendable {
    /// Subject, blank line, body.
    package var message: String
    /// `Key: value` lines at the end, in this order.
    package var trailers: [(key: String, value: String)]
    /// Who wanted it.
    package var author: Signature
    /// Who wrote it.
    package var committer: Signature

    /// A commit without trailers unless they are given.
    package init(
        message: String,
        trailers: [(key: String, value: String)] = [],
        author: Signature,
        committer: Signature
    ) {
        self.message = message
        self.trailers = trailers
        self.author = author
        self.committer = committer
    }

    package static func == (left: CommitText, right: CommitText) -> Bool {
        left.text == right.text && left.author == right.author
            && left.committer == right.committer
    }

    /// Message and trailers as Git stores them.
    ///
    /// Control characters in a trailer become spaces.
    package var text: String {
        var text = message
        while text.last == "\n" { text.removeLast() }
        guard !trailers.isEmpty else { return text + "\n" }
        text += "\n\n"
        for trailer in trailers {
            let value = String(trailer.value.map { $0.isNewline ? " " : $0 })
            text += "\(trailer.key): \(value)\n"
        }
        return text
    }
}

/// A commit as it is shown.
package struct CommitInfo: Equatable, Sendable {
    /// Its name.
    package let id: ObjectID
    /// The tree it holds.
    package let tree: ObjectID
    /// Its parents, the mainline first.
    package let parents: [ObjectID]
    /// Who wanted it.
    package let author: Signature
    /// Who wrote it.
    package let committer: Signature
    /// Subject, body and trailers.
    package let message: String
}

/// A branch and where it is.
package struct Branch: Equatable, Sendable {
    /// The name without `refs/heads/`.
    package let name: String
    /// The commit it points to.
    package let commit: ObjectID
}

/// A tag, peeled to its commit.
package struct Tag: Equatable, Sendable {
    /// The name without `refs/tags/`.
    package let name: String
    /// The commit behind it.
    package let commit: ObjectID
    /// The version that the name says, when it is one.
    package let version: SemanticVersion?
    /// The message of an annotated tag.
    package let message: String?
    /// When an annotated tag was made, in seconds since 1970.
    package let taggedSeconds: Int64?
}

/// One file that differs between two trees.
package struct FileChange: Equatable, Sendable {
    /// How it differs.
    package enum Kind: String, Sendable { case added, changed, removed }

    /// Where it is.
    package let path: String
    /// How it differs.
    package let kind: Kind
    /// The object before, nil when added.
    package let before: ObjectID?
    /// The object after, nil when removed.
    package let after: ObjectID?
}

/// What a commit onto a branch came to.
package struct CommitReceipt: Equatable, Sendable {
    /// The branch's commit afterwards.
    package let commit: ObjectID
    /// Whether a commit was made; false when the tree was already as wanted.
    package let changed: Bool
    /// How often it was tried.
    package let attempts: Int
}

/// What a three-way merge of trees came to.
package enum MergeOutcome: Equatable, Sendable {
    /// The merged tree, written.
    case merged(tree: ObjectID)
    /// The paths that both sides changed in different ways.
    case conflicts([String])
}
