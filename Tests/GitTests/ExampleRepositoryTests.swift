import CEmbedded
import Testing

@testable import Git

@Suite struct ExampleRepositoryTests {
    private var files: [(path: String, bytes: [UInt8])] {
        var count = 0
        guard let first = embedded_files(&count) else { return [] }
        return UnsafeBufferPointer(start: first, count: count).compactMap { file in
            let path = String(cString: file.path)
            guard path.hasPrefix(ExampleBlueprint.prefix) else { return nil }
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
            return (String(path.dropFirst(ExampleBlueprint.prefix.count)), Array(bytes))
        }
    }

    private let versions = ["v1.4.0", "v1.3.0", "v1.2.0", "v1.1.0", "v1.0.0"]

    @Test func `the example becomes the same repository everywhere and every time`() throws {
        let bench = try Workbench()
        try ExampleBlueprint.build(files: files, into: bench.path("a.git"))
        try ExampleBlueprint.build(files: files.reversed(), into: bench.path("b.git"))
        let state = bench.output(of: "git -C a.git for-each-ref")
        #expect(state == bench.output(of: "git -C b.git for-each-ref"))
        try ExampleBlueprint.build(files: files, into: bench.path("a.git"))
        #expect(state == bench.output(of: "git -C a.git for-each-ref"))
        let repository = try Repository(opening: bench.path("a.git"))
        let tags = try repository.tags()
        #expect(tags.map(\.name) == versions)
        #expect(try repository.isAncestor(tags[1].commit, of: tags[0].commit))
        #expect(try repository.snapshot(of: tags[0].commit).count > 20)
        #expect(bench.output(of: "git -C a.git fsck --strict --no-dangling") == "")
    }

    @Test func `a version that is newer than the repository is added to it`() throws {
        let bench = try Workbench()
        let path = bench.path("a.git")
        try ExampleBlueprint.build(files: files.filter { $0.path.hasPrefix("v1.0.0/") }, into: path)
        #expect(try Repository(opening: path).tags().map(\.name) == ["v1.0.0"])
        try ExampleBlueprint.build(files: files, into: path)
        #expect(try Repository(opening: path).tags().map(\.name) == versions)
        #expect(bench.output(of: "git -C a.git rev-parse main v1.4.0^{} | uniq | wc -l") == "1")
    }
}
