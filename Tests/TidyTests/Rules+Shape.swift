/// Rules about how large and how deep code may be.
extension Rule {
    static let shape = [fileLength, lineLength, functionLength, nesting, fileName]

    static let fileLength = Rule(
        name: "a file has at most 500 lines",
        // The list of embedded files is written by a script and grows with them.
        covers: { (isSource($0) || isScript($0)) && !$0.hasSuffix("/CEmbedded.c") },
        check: { file in
            guard file.lines.count > 500 else { return [] }
            return [
                file.problem(
                    500,
                    "the file has \(file.lines.count) lines",
                    "use a file of its own for each concern: at most 500 lines"
                )
            ]
        },
        bad: [Snippet("Sources/Core/Git/Git.swift", String(repeating: "\n", count: 501))],
        good: [Snippet("Sources/Core/Git/Git.swift", String(repeating: "\n", count: 500))]
    )

    static let lineLength = Rule(
        name: "a line has at most 100 columns",
        covers: { isSwift($0) || isScript($0) || $0.hasSuffix(".sql") },
        check: { file in
            file.lines.indices.filter {
                file.lines[$0].utf8.count > 100 && file.lines[$0].count > 100
            }.map {
                file.problem(
                    $0,
                    "the line has \(file.lines[$0].count) columns",
                    "use at most 100"
                )
            }
        },
        bad: [Snippet("scripts/test", "# " + String(repeating: "x", count: 99))],
        good: [Snippet("scripts/test", "# " + String(repeating: "é", count: 98))]
    )

    static let functionLength = Rule(
        name: "a function has at most 70 lines",
        covers: isSwift,
        check: { file in
            file.blocks.compactMap { block in
                let count = block.last - block.first + 1
                guard block.kind == .function, count > 70 else { return nil }
                return file.problem(
                    block.first,
                    "the function has \(count) lines",
                    "use a function for each of its steps: at most 70 lines"
                )
            }
        },
        bad: [
            Snippet("func f() {\n" + String(repeating: "    g()\n", count: 70) + "}\n"),
            Snippet(
                "func f(\n    a: Int\n) -> [Int] {\n"
                    + String(repeating: "    g { $0 }\n", count: 70) + "}\n"
            ),
            Snippet("var v: Int {\n" + String(repeating: "    g()\n", count: 70) + "}\n"),
        ],
        good: [
            Snippet("func f() {\n" + String(repeating: "    g()\n", count: 68) + "}\n"),
            Snippet("struct S {\n" + String(repeating: "    let a = 1\n", count: 90) + "}\n"),
            Snippet("let rules = [\n" + String(repeating: "    f { $0 },\n", count: 90) + "]\n"),
        ]
    )

    static let nesting = Rule(
        name: "control flow nests at most three deep",
        covers: isSwift,
        check: { file in
            file.blocks.filter { $0.kind == .control && $0.depth == 4 }.map {
                file.problem(
                    $0.first,
                    "control flow nests four deep",
                    "use a function or an early exit: at most three"
                )
            }
        },
        bad: [
            Snippet(
                "func f() {\n    for a in b {\n        if c {\n            while d {\n"
                    + "                if e { return }\n            }\n"
                    + "        }\n    }\n}\n"
            )
        ],
        good: [
            Snippet(
                "func f() {\n    for a in b where a.has({ $0 }) {\n        if c {\n"
                    + "            while d {\n                guard e else { return }\n"
                    + "            }\n"
                    + "            h { g { i() } }\n        }\n    }\n}\n"
            ),
            Snippet("struct A {\n    struct B {\n        struct C {\n        }\n    }\n}\n"),
        ]
    )

    static let fileName = Rule(
        name: "a source file is named after what it declares",
        covers: { isSwift($0) && $0.hasPrefix("Sources/") && !$0.contains("+") },
        check: { file in
            let name = file.path.fileName.dropLast(".swift".count)
            let top = file.code.filter { $0.indentation == 0 }
            guard !top.contains(where: { $0.mentions("extension ") }) else { return [] }
            let declared = top.flatMap(\.declaredNames)
            guard declared.count == 1, !declared[0].lowercased().contains(name.lowercased()) else {
                return []
            }
            return [
                file.problem(0, "all that is here is \(declared[0])", "use \(declared[0]).swift")
            ]
        },
        bad: [Snippet("Sources/Core/Git/Git.swift", "struct Repository {}\n")],
        good: [
            Snippet("Sources/Core/Git/Git.swift", "struct A {}\nstruct B {}\n"),
            Snippet("Sources/Core/Git/Git.swift", "extension A {}\n"),
            Snippet("Sources/Core/Git/Git.swift", "package final class Git {}\n"),
        ]
    )
}

extension String {
    /// The last part of the path.
    var fileName: String { split(separator: "/").last.map(String.init) ?? self }

    /// Names of the types, extensions and functions that this line of code declares.
    var declaredNames: [String] {
        let kinds = /\b(?:struct|class|enum|actor|protocol|typealias|extension|func)\s+`?(\w+)`?/
        guard contains(" ") else { return [] }
        return matches(of: kinds).map { String($0.1) }
    }
}

@Sendable func isSwift(_ path: String) -> Bool { path.hasSuffix(".swift") }

@Sendable func isSource(_ path: String) -> Bool {
    path.hasSuffix(".swift") || path.hasSuffix(".c") || path.hasSuffix(".h")
        || path.hasSuffix(".py")
}

@Sendable func isScript(_ path: String) -> Bool {
    (path.hasPrefix("scripts/") || path.hasPrefix(".ci/") || path.hasPrefix("Benchmarks/scripts/"))
        && !path.hasSuffix(".md")
}
