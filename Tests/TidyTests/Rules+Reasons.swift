/// Rules that ask for a reason beside the code.
extension Rule {
    static let reasons = [documented, safety, swallowed, tasks, publicAccess]

    static let documented = Rule(
        name: "every package declaration is documented",
        covers: isSwift,
        check: { file in
            let inherited = file.conformances
            return file.code.indices.filter { index in
                file.declaresPackage(index) && !file.isDocumented(index)
                    && !inherited.contains { $0.contains(index) }
            }.map {
                file.problem(
                    $0,
                    "a package declaration without a sentence",
                    "use `///` above it"
                )
            }
        },
        bad: [
            Snippet("package struct A {}\n"), Snippet("// plain\npackage let a = 1\n"),
            Snippet("@inlinable\npackage static func f() {}\n"),
            Snippet("/// A.\npackage struct A {\n    package init() {}\n}\n"),
            Snippet("public package(set) var a = 1\n"),
            Snippet("extension Int {\n    package static var oid: Int { 20 }\n}\n"),
        ],
        good: [
            Snippet("/// A.\n@frozen\npackage struct A {}\n"), Snippet("package import JSON\n"),
            Snippet("/** A. */\npackage let a = 1\n"), Snippet("let a = \"package let b\"\n"),
            Snippet("package static func == (a: A, b: A) -> Bool { true }\n"),
            Snippet("package var description: String { a }\n"),
            Snippet("extension Int: Bindable {\n    package static var oid: Int { 20 }\n}\n"),
        ]
    )

    static let safety = Rule(
        name: "an unchecked Sendable names its invariant",
        covers: isSwift,
        check: { file in
            file.code.indices.filter {
                file.code[$0].mentions("@unchecked Sendable")
                    && !file.isExplained($0, by: "Safety:")
            }.map {
                file.problem(
                    $0,
                    "@unchecked Sendable without its invariant",
                    "use `// Safety:` above it"
                )
            }
        },
        bad: [
            Snippet("final class A: @unchecked Sendable {}\n"),
            Snippet("/// A.\nfinal class A: @unchecked Sendable {}\n"),
        ],
        good: [
            Snippet("/// A.\n// Safety: one thread.\nfinal class A: @unchecked Sendable {}\n")
        ]
    )

    static let swallowed = Rule(
        name: "an error is dropped only with the reason beside it",
        covers: isSwift,
        check: { file in
            let empty = /\bcatch\s*(\w+\s*)?\{\s*\}/
            return file.code.indices.filter {
                file.code[$0].has(/\btry\?/) && !file.isExplained($0)
                    || file.code[$0].mentions("catch") && file.code[$0].has(empty)
            }.map {
                file.problem($0, "an error disappears", "use do/catch, or say why on this line")
            }
        },
        bad: [Snippet("let a = try? b()\n"), Snippet("do { try a() } catch {}\n")],
        good: [
            Snippet("let a = try? b()  // absent is fine\n"),
            Snippet("var a: Entry?\n"),
            Snippet("// The file may be gone.\nlet a = try? b()\n"),
        ]
    )

    static let tasks = Rule(
        name: "a task of its own names who ends it",
        covers: { isSwift($0) && $0.hasPrefix("Sources/") },
        check: { file in
            let start = /(^|[^.\w])Task(\.detached|\.immediate)?(<[^>]*>)?\s*(\([^)]*\)\s*)?\{/
            return file.code.indices.filter { index in
                guard file.code[index].mentions("Task"), file.code[index].has(start),
                    !file.code[index].mentions("-> Task"), !file.isExplained(index)
                else { return false }
                let function = file.blocks.last { $0.kind == .function && $0.holds(index) }
                return function.map { !file.isExplained($0.first, by: "ancel") } ?? true
            }.map {
                file.problem(
                    $0,
                    "a task on its own",
                    "use a comment that names who cancels and awaits it"
                )
            }
        },
        bad: [
            Snippet("Task { a() }\n"), Snippet("let a = Task.detached { b() }\n"),
            Snippet("Task(executorPreference: loop) { a() }\n"),
        ],
        good: [
            Snippet("// Cancelled and awaited by stop().\nlet a = Task { b() }\n"),
            Snippet("struct BuildTask {\n}\nlet a: Task<Void, Never>\n"),
            Snippet("func f() -> Task<Void, Never> {\n}\n"),
            Snippet("/// Cancelled by stop().\nfunc f() {\n    b()\n    Task { a() }\n}\n"),
        ]
    )

    static let publicAccess = Rule(
        name: "nothing is public",
        covers: { isSwift($0) && $0.hasPrefix("Sources/") },
        check: { file in
            file.lines(mentioning: ["public", "open"], matching: /^\s*(@\w+\s+)*(public|open)\s/) {
                file.problem($0, "a public declaration", "use package")
            }
        },
        bad: [Snippet("public struct A {}\n"), Snippet("    open class B {}\n")],
        good: [Snippet("package struct A {}\nlet publicKey = 1\n    open.removeAll()\n")]
    )
}

extension SourceText {
    /// The insides of extensions that only keep a promise: the protocol documents the members.
    fileprivate var conformances: [Range<Int>] {
        blocks.compactMap { block in
            let isPromise = block.kind == .type && code[block.first].has(Words.conformance)
            return isPromise ? block.first + 1..<block.last + 1 : nil
        }
    }

    /// Whether the line declares something that other targets of the package see.
    fileprivate func declaresPackage(_ index: Int) -> Bool {
        guard code[index].mentions("package"),
            let match = code[index].firstMatch(of: Words.declaration)
        else { return false }
        if match.5 == "import" || match.5 == "extension" { return false }
        // What these say stands in the protocol that asks for them.
        return !code[index].has(Words.property) && !code[index].has(Words.function)
    }

    fileprivate func isDocumented(_ index: Int) -> Bool {
        var above = index - 1
        while above >= 0, lines[above].trimmed.hasPrefix("@") || isSafetyRemark(above) {
            above -= 1
        }
        guard above >= 0 else { return false }
        return lines[above].trimmed.hasPrefix("///") || lines[above].trimmed.hasSuffix("*/")
    }

    private func isSafetyRemark(_ index: Int) -> Bool {
        let line = lines[index].trimmed
        return line.hasPrefix("//") && !line.hasPrefix("///")
    }
}

/// What declarations look like; made once, because making one costs more than using it.
private enum Words {
    // Safety: a regular expression is never changed once made.
    nonisolated(unsafe) static let declaration =
        /^\s*((@\w+(\([^)]*\))?|public|final|static|nonisolated)\s+)*package(\(set\))?\s+(\w+)/
    nonisolated(unsafe) static let property =
        /\b(var|let) (description|debugDescription|hashValue|rawValue)\b/
    nonisolated(unsafe) static let function =
        /\bfunc\s+([^\w\s(`]+\s*[<(]|(hash|encode)\()|\binit\(rawValue:/
    nonisolated(unsafe) static let conformance = /\bextension [^{]*:/
}
