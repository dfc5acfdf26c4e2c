import CGit
import Domain
import Glibc

extension Repository {
    /// Entries of trees that one listing looks at.
    package static let listedMax = 200_000

    /// A file that a listing came by.
    package struct Listed: Sendable, Hashable {
        /// Where it is.
        package let path: String
        /// The object that holds its content: the same one as long as the content is.
        package let id: ObjectID
        /// Its size in bytes.
        package let size: Int
    }

    /// The plain files of a commit whose paths are wanted, in Git's order; contents are not read.
    ///
    /// Unlike a snapshot it takes any repository: links, submodules and paths that are not taken
    /// elsewhere are passed over. Of folders only those are looked into that may lead to something.
    ///
    /// - Throws: `.tooLarge` where there are more than `countMax`, their paths have more than
    ///   `pathBytesMax` bytes together, or there is too much to look through.
    package func list(
        _ commit: ObjectID,
        countMax: Int,
        pathBytesMax: Int,
        entering isEntered: (String) -> Bool,
        taking isTaken: (String) -> Bool
    ) throws(GitFault) -> [Listed] {
        var found: [Listed] = []
        var looked = 0
        var pathBytes = 0
        // Folders that are still to be looked into, the last one first.
        var open: [(prefix: String, id: ObjectID, depth: Int)] = [("", commit, 1)]
        while let folder = open.popLast() {
            let tree = try tree(folder.id)
            for index in 0..<git_tree_entrycount(tree.raw) {
                looked += 1
                guard looked <= Self.listedMax else {
                    throw .tooLarge("the tree has more than \(Self.listedMax) files and folders")
                }
                guard let entry = git_tree_entry_byindex(tree.raw, index),
                    let (path, id) = Self.place(of: entry, behind: folder.prefix)
                else { continue }
                switch git_tree_entry_filemode(entry) {
                case GIT_FILEMODE_TREE:
                    guard folder.depth < RepositoryPath.depthMax, isEntered(path) else { continue }
                    open.append((path + "/", id, folder.depth + 1))
                case GIT_FILEMODE_BLOB, GIT_FILEMODE_BLOB_EXECUTABLE:
                    guard isTaken(path) else { continue }
                    guard found.count < countMax else {
                        throw .tooLarge("more than \(countMax) files are meant")
                    }
                    pathBytes += path.utf8.count
                    guard pathBytes <= pathBytesMax else {
                        throw .tooLarge(
                            "the paths of the files that are meant have more than "
                                + "\(pathBytesMax >> 10) KiB together"
                        )
                    }
                    found.append(Listed(path: path, id: id, size: try size(of: id)))
                default: continue
                }
            }
        }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The path of an entry and its object; nil where the name is none that is taken.
    private static func place(
        of entry: OpaquePointer,
        behind prefix: String
    ) -> (path: String, id: ObjectID)? {
        guard let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry) else {
            return nil
        }
        let bytes = UnsafeBufferPointer(
            start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self),
            count: strlen(name)
        )
        // A name that is not taken names no file that is looked for.
        guard (try? RepositoryPath.check(bytes)) != nil else { return nil }
        return (prefix + String(decoding: bytes, as: UTF8.self), ObjectID(id.pointee))
    }
}
