import Foundation
import Testing

/// Rules about several files at once.
@Suite
struct LayoutTests {
    let tree = SourceTree.here

    @Test
    func `the manifest gives each target only what its layer may import`() throws {
        let manifest = try #require(tree["Package.swift"]).lines.joined(separator: "\n")
        let declared = Manifest.dependencies(in: manifest)
        for problem in Manifest.problems(declared) { Issue.record("Package.swift: \(problem)") }
        for layer in Layer.all {
            #expect(declared[layer.name] != nil, "Package.swift has no target \(layer.name)")
        }
    }

    @Test
    func `a dependency that a layer may not have is found`() {
        let manifest = """
            .target(name: "Domain", dependencies: ["JSON", "Storage"], path: "Sources/Core/Domain"),
            """
        #expect(
            Manifest.problems(Manifest.dependencies(in: manifest)) == [
                "Domain depends on Storage, use the layers of DESIGN §2"
            ]
        )
    }

    @Test
    func `the program carries every file that it promises`() throws {
        let list = try #require(tree["Sources/Core/System/CEmbedded/CEmbedded.c"])
        for problem in Embedded.problems(list, tree.files.map(\.path)) {
            Issue.record("\(problem)")
        }
    }

    @Test
    func `a file that is missing from the program is found`() {
        let list = SourceText(
            path: "CEmbedded.c",
            text: """
                #embed "../../../../openapi.yaml" suffix(, )
                    {"openapi.yaml", openapi_yaml, 1},
                    {"migrations/0002_gone.sql", gone, 1},
                """
        )
        let found = Embedded.problems(list, ["openapi.yaml", "migrations/0001_a.sql"])
        #expect(found.count == 3)
    }

    @Test
    func `migrations are numbered without gaps and say why`() {
        for problem in Migrations.problems(tree.files) { Issue.record("\(problem)") }
    }

    @Test
    func `a gap and a silent migration are found`() {
        let files = ["migrations/0001_a.sql", "migrations/0003_b.sql"].map {
            SourceText(path: $0, text: "CREATE TABLE a ();\n")
        }
        #expect(Migrations.problems(files).count == 3)
    }

    @Test
    func `a released migration never changes`() throws {
        let list = try #require(tree["Tests/TidyTests/migrations.sha256"]).lines
        let released = Migrations.released(list)
        let names = tree.files.map(\.path).filter { $0.hasPrefix("migrations/") }
        #expect(released.map(\.path) == Array(names.prefix(released.count)))
        for (path, sum) in released {
            #expect(try checksum(tree.root + "/" + path) == sum, "\(path) changed, use a new one")
        }
        let isReleased = try #require(tree["CHANGELOG.md"]).lines.contains { $0.has(/^## \d/) }
        #expect(!isReleased || !released.isEmpty, "list what the release contains")
    }

    @Test
    func `the list of released migrations is read line by line`() {
        let lines = ["# comment", "", "00ff  migrations/0001_a.sql"]
        let released = Migrations.released(lines)
        #expect(released.map(\.path) == ["migrations/0001_a.sql"])
        #expect(released.map(\.sum) == ["00ff"])
    }

    @Test
    func `the README shows every setting as the program declares it`() throws {
        let source = try #require(tree["Sources/Server/Program/SettingName.swift"])
        let page = try #require(tree["README.md"])
        // The last setting is hidden: it exists to be measured.
        let declared = SettingsTable.declared(in: source.lines.joined(separator: "\n"))
            .filter { $0.words[0] != "allow-benchmarks" }
        #expect(!declared.isEmpty)
        #expect(SettingsTable.shown(in: page.lines) == declared)
    }

    @Test
    func `a setting is read from the source and from the page`() {
        let source = "Row(\n flag: \"a\", variable: \"A\", fallback: \"1\", help: \"Says.\")"
        let page = ["## Settings", "", "| Flag |", "| `--a` | `A` | `1` | Says. |", "## Next"]
        #expect(SettingsTable.declared(in: source).map(\.words) == [["a", "A", "1", "Says."]])
        #expect(SettingsTable.shown(in: page) == SettingsTable.declared(in: source))
    }

    @Test(arguments: ["scripts/quickstart", "scripts/test", "scripts/bench", ".ci/run"])
    func `a script can be run`(_ script: String) {
        #expect(FileManager.default.isExecutableFile(atPath: tree.root + "/" + script))
        #expect(tree[script]?.lines.first == "#!/usr/bin/env bash")
    }

    private func checksum(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sha256sum", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        return String(text.prefix { $0 != " " })
    }
}
