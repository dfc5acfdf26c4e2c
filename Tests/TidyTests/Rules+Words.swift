/// Rules about words: in names, in comments, and in what people read.
extension Rule {
    static let words = [
        emptyNames, marks, crashes, sleeps, machinePaths, oneTitle,
    ]

    static let emptyNames = Rule(
        name: "a name says what the thing does",
        covers: isSource,
        check: { file in
            let vague = /(Utils?|Utilities|Helpers?|Common|Managers?)([A-Z+.]|$)/
            var problems: [Problem] = []
            if file.path.fileName.firstMatch(of: vague) != nil {
                problems.append(file.problem(0, "the file has an empty name", noun))
            }
            let types = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
            let words = ["Util", "Helper", "Common", "Manager"]
            for (index, line) in file.code.enumerated() where line.mentions(words) {
                for match in line.matches(of: types) where match.1.firstMatch(of: vague) != nil {
                    problems.append(file.problem(index, "\(match.1) is an empty name", noun))
                }
            }
            return problems
        },
        bad: [
            Snippet("struct TenantManager {}\n"), Snippet("enum StringUtils {}\n"),
            Snippet("Sources/Core/Git/GitHelpers.swift", "extension Int {}\n"),
        ],
        good: [Snippet("struct Commonwealth {}\nlet managerName = 1 // Manager\n")]
    )

    static let marks = Rule(
        name: "nothing on main waits for later",
        covers: { isSource($0) || isScript($0) || $0.hasSuffix(".sql") || $0.hasSuffix(".md") },
        check: { file in
            let mark = /\b(TODO|FIXME|XXX)\b/
            return file.comments.indices.filter {
                file.comments[$0].mentions("TODO", "FIXME", "XXX") && file.comments[$0].has(mark)
            }.map {
                file.problem($0, "a mark for later", "use an issue, or do it now")
            }
        },
        bad: [
            Snippet("// TO" + "DO: finish\n"), Snippet("migrations/0001_a.sql", "-- FIX" + "ME\n"),
        ],
        good: [Snippet("let word = \"TODO\"\n")]
    )

    static let crashes = Rule(
        name: "input cannot crash the process",
        covers: isSwift,
        check: { file in
            file.lines(mentioning: ["try!", "fatalError("], matching: /\btry!|\bfatalError\(/) {
                file.problem(
                    $0,
                    "this ends the process without a sentence",
                    "use a typed error, or precondition with a sentence for programmer errors"
                )
            }
        },
        bad: [Snippet("let a = try! b()\n"), Snippet("fatalError(\"no\")\n")],
        good: [Snippet("// try! fatalError(\nlet a = \"try!\"\nprecondition(a, \"no\")\n")]
    )

    static let sleeps = Rule(
        name: "a test does not sleep",
        covers: { isSwift($0) && $0.hasPrefix("Tests/") },
        check: { file in
            let call = /\bTask\.sleep|\busleep\(|(^|[^.\w])sleep\(|\bnanosleep\(/
            return file.lines(mentioning: ["sleep"], matching: call) {
                file.problem(
                    $0,
                    "a test sleeps",
                    "use a manual clock, or wait for the fact itself"
                )
            }
        },
        bad: [
            Snippet("Tests/ATests/A.swift", "try await Task.sleep(for: .seconds(1))\n"),
            Snippet("Tests/ATests/A.swift", "usleep(1000)\n"),
            Snippet("Tests/ATests/A.swift", "    sleep(1)\n"),
        ],
        good: [
            Snippet("Tests/ATests/A.swift", "clock.sleep(for: .zero)\nfunc asleep() {}\n"),
            Snippet("Tests/ATests/A.swift", "/// Task.sleep\nlet a = \"sleep(1)\"\n"),
        ]
    )

    static let machinePaths = Rule(
        name: "no file names a place on one machine",
        covers: isRead,
        check: { file in
            let place = /(^|[^\w.\/}-])\/(root|(home|Users)\/\w+)(\/|\b)/
            let roots = ["/root", "/home/", "/Users/"]
            return file.lines.indices.filter {
                file.lines[$0].mentions(roots) && file.lines[$0].has(place)
            }.map {
                file.problem($0, "a path of one machine", "use a path from the repository's top")
            }
        },
        bad: [Snippet("docs/a.md", "# A\n\nSee /ho" + "me/ada/x and /ro" + "ot/x.\n")],
        good: [
            Snippet("docs/a.md", "# A\n\n`var/home/x`, `${top}/root`, https://a.example/home/x/\n")
        ]
    )

    static let oneTitle = Rule(
        name: "a page has one title, on its first line",
        covers: { $0.hasSuffix(".md") },
        check: { file in
            var isQuoted = false
            var titles: [Int] = []
            for (index, line) in file.lines.enumerated() {
                if line.trimmed.hasPrefix("```") { isQuoted.toggle() }
                if !isQuoted, line.hasPrefix("# ") { titles.append(index) }
            }
            guard titles != [0] else { return [] }
            return [
                file.problem(
                    titles.last ?? 0,
                    "the page has \(titles.count) titles",
                    "use one `# ` heading, on the first line"
                )
            ]
        },
        bad: [
            Snippet("docs/a.md", "# A\n\n# B\n"), Snippet("docs/a.md", "## A\n"),
            Snippet("docs/a.md", "text\n\n# A\n"),
        ],
        good: [Snippet("docs/a.md", "# A\n\n```bash\n# a comment\n```\n\n## B\n")]
    )

    private static let noun = "use the noun that it is"

    private static let isRead: @Sendable (String) -> Bool = { path in
        let binary = [".bundle", ".png", ".pack"]
        return !binary.contains { path.hasSuffix($0) } && path != "LICENSE"
            && !path.hasPrefix("Tests/TidyTests/")
    }
}

extension SourceText {
    /// The problems of every line whose code matches.
    func lines<Output>(
        mentioning words: [String],
        matching pattern: Regex<Output>,
        _ problem: (Int) -> Problem
    ) -> [Problem] {
        code.indices.filter { code[$0].mentions(words) && code[$0].has(pattern) }.map(problem)
    }
}
