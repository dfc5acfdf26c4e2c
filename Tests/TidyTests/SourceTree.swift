import Foundation

/// The repository that this test was built from.
struct SourceTree: Sendable {
    /// The top folder, without a trailing slash.
    let root: String
    /// Every text file that is not a build product, by path from the top.
    let files: [SourceText]

    /// Read once; every rule looks at the same text.
    static let here = SourceTree(
        root: String(#filePath.dropLast("/Tests/TidyTests/SourceTree.swift".count))
    )

    init(root: String) {
        self.root = root
        files = Self.paths(under: root).compactMap { path in
            guard let data = FileManager.default.contents(atPath: root + "/" + path),
                let text = String(data: data, encoding: .utf8)
            else { return nil }
            return SourceText(path: path, text: text)
        }
    }

    subscript(path: String) -> SourceText? { files.first { $0.path == path } }

    /// Every file and folder that a clean clone has, in order.
    private static func paths(under root: String) -> [String] {
        let tops = ["Sources", "Tests", "scripts", "docs", "migrations", "examples", "deploy"]
        let more = ["Benchmarks/Sources", "Benchmarks/scripts", ".ci"]
        var paths = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []  // no root
        paths = paths.filter { !isFolder(root + "/" + $0) && $0 != "Package.resolved" }
        for top in tops + more {
            let found = FileManager.default.enumerator(atPath: root + "/" + top)
            while let name = found?.nextObject() as? String {
                let path = top + "/" + name
                if !isFolder(root + "/" + path), !isProduct(path) { paths.append(path) }
            }
        }
        return paths.sorted()
    }

    private static func isProduct(_ path: String) -> Bool {
        path.contains("/.build") || path.contains("/__pycache__/") || path.hasSuffix(".o")
    }

    private static func isFolder(_ path: String) -> Bool {
        var folder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &folder)
            && folder.boolValue
    }
}
