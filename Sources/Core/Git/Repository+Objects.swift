import CGit
import Domain

/// Puts objects into a database, or only computes their names.
protocol ObjectSink: ~Copyable {
    /// Takes an object and says its name.
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitFault) -> ObjectID
}

/// The kinds of object.
enum ObjectKind {
    case blob, tree, commit, tag

    var raw: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        case .tag: GIT_OBJECT_TAG
        }
    }
}

/// Computes names and keeps nothing.
struct HashingSink: ObjectSink {
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitFault) -> ObjectID {
        var id = git_oid()
        let code = bytes.withUnsafeBytes {
            git_odb_hash(&id, $0.baseAddress, $0.count, kind.raw)
        }
        try check(code, "an object")
        return ObjectID(id)
    }
}

extension Repository: ObjectSink {
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitFault) -> ObjectID {
        var id = git_oid()
        let code = bytes.withUnsafeBytes { [database = database.raw] in
            git_odb_write(&id, database, $0.baseAddress, $0.count, kind.raw)
        }
        try check(code, "an object")
        return ObjectID(id)
    }

    /// Writes a tree of exactly these files.
    package func writeTree(_ files: [TreeFile]) throws(GitFault) -> ObjectID {
        try TreeWriter(files).write(to: self)
    }

    /// Writes a commit; moves no reference.
    ///
    /// Equal arguments make the equal commit.
    package func writeCommit(
        tree: ObjectID,
        parents: [ObjectID],
        text: CommitText
    ) throws(GitFault) -> ObjectID {
        try write(text.commit(tree: tree, parents: parents), as: .commit)
    }
}

extension CommitText {
    /// The commit as Git stores it.
    func commit(tree: ObjectID, parents: [ObjectID]) -> [UInt8] {
        var lines = "tree \(tree)\n"
        for parent in parents { lines += "parent \(parent)\n" }
        lines += "author \(author.line)\ncommitter \(committer.line)\n\n"
        let message = text.utf8.filter { $0 != 0 }
        return Array(lines.utf8) + message
    }
}

/// Files sorted into folders, ready to be written from the leaves up.
struct TreeWriter {
    private final class Folder {
        var files: [String: TreeFile] = [:]
        var folders: [String: Folder] = [:]
    }

    private let root = Folder()

    /// Sorts the files.
    ///
    /// Throws `.refused` when a path is both a file and a folder, or twice there.
    init(_ files: [TreeFile]) throws(GitFault) {
        var refusals: [Refusal] = []
        for file in files {
            var folder = root
            var isTaken = false
            for component in file.path.components.dropLast().map(String.init) {
                isTaken = isTaken || folder.files[component] != nil
                let next = folder.folders[component] ?? Folder()
                folder.folders[component] = next
                folder = next
            }
            let name = file.path.components.last.map(String.init) ?? ""
            isTaken = isTaken || folder.files[name] != nil || folder.folders[name] != nil
            folder.files[name] = file
            if isTaken {
                refusals.append(Refusal(path: file.path.text, reason: "is in the tree twice"))
            }
        }
        guard refusals.isEmpty else { throw .refused(refusals) }
    }

    /// Writes every folder and new file; returns the tree's name.
    func write(to sink: borrowing some ObjectSink & ~Copyable) throws(GitFault) -> ObjectID {
        try write(root, to: sink)
    }

    private func write(
        _ folder: Folder,
        to sink: borrowing some ObjectSink & ~Copyable
    ) throws(GitFault) -> ObjectID {
        var entries: [TreeEntry] = []
        for (name, file) in folder.files {
            entries.append(try TreeEntry(file, named: name, to: sink))
        }
        for (name, child) in folder.folders {
            entries.append(TreeEntry(name: name, mode: .folder, id: try write(child, to: sink)))
        }
        return try sink.write(TreeEntry.serialized(entries), as: .tree)
    }
}

/// One line of a tree object.
struct TreeEntry {
    enum Mode: String {
        case regular = "100644"
        case executable = "100755"
        case symbolicLink = "120000"
        case folder = "40000"
        case repository = "160000"

        init(_ mode: FileMode) {
            switch mode {
            case .regular: self = .regular
            case .executable: self = .executable
            case .symbolicLink: self = .symbolicLink
            }
        }
    }

    let name: String
    let mode: Mode
    let id: ObjectID

    init(name: String, mode: Mode, id: ObjectID) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    /// The entry of a file, whose content is written when it is new.
    init(
        _ file: TreeFile,
        named name: String,
        to sink: borrowing some ObjectSink & ~Copyable
    ) throws(GitFault) {
        let id: ObjectID
        switch file.content {
        case .object(let known): id = known
        case .bytes(let bytes): id = try sink.write(bytes, as: .blob)
        }
        self.init(name: name, mode: Mode(file.mode), id: id)
    }

    /// The entries as Git stores them: in the order of names, folders as if they ended in `/`.
    static func serialized(_ entries: [TreeEntry]) -> [UInt8] {
        let sorted = entries.sorted {
            $0.sortingName.utf8.lexicographicallyPrecedes($1.sortingName.utf8)
        }
        var bytes: [UInt8] = []
        for entry in sorted {
            bytes += "\(entry.mode.rawValue) \(entry.name)".utf8
            bytes.append(0)
            withUnsafeBytes(of: entry.id.raw.id) { bytes += $0 }
        }
        return bytes
    }

    private var sortingName: String { mode == .folder ? name + "/" : name }
}
