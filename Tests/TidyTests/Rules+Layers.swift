/// Rules about which layer may say what.
extension Rule {
    static let layers = [sqlPlace, statusPlace, imports]

    static let sqlPlace = Rule(
        name: "SQL stands only in Storage",
        covers: {
            isSwift($0) && $0.hasPrefix("Sources/") && !$0.hasPrefix("Sources/Core/Storage/")
                && !$0.hasPrefix("Sources/Core/Postgres/Migra")
        },
        check: { file in
            let verbs = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER"]
            let query = /^\W*(SELECT\s(?!pg_)|WITH \w+ AS|INSERT INTO\s|UPDATE \w+)/
            let change = /^\W*(DELETE FROM\s|CREATE (TABLE|INDEX)|ALTER TABLE)/
            return file.strings.indices.filter {
                file.strings[$0].mentions(verbs)
                    && (file.strings[$0].has(query) || file.strings[$0].has(change))
            }.map {
                file.problem($0, "SQL outside Storage", "use a function of Sources/Core/Storage")
            }
        },
        bad: [
            Snippet("Sources/Server/API/A.swift", "let a = \"SELECT id FROM tenants\"\n"),
            Snippet("Sources/Core/Jobs/A.swift", "let a = \"\"\"\n    UPDATE jobs\n    \"\"\"\n"),
            Snippet("Sources/Core/Postgres/A.swift", "a(\"DELETE FROM x\")\n"),
        ],
        good: [
            Snippet("Sources/Server/API/A.swift", "// SELECT id\nlet a = \"Select a name\"\n"),
            Snippet("Sources/Core/Postgres/A.swift", "a(\"SELECT pg_backend_pid()\")\n"),
        ]
    )

    static let statusPlace = Rule(
        name: "HTTP status numbers stand only in Problems",
        covers: {
            // Where Kubernetes' protocol, or a forge's, is spoken, its statuses are the subject.
            isSwift($0) && $0.hasPrefix("Sources/") && !$0.hasPrefix("Sources/Server/HTTP/")
                && !$0.hasPrefix("Sources/Server/API/Problems/")
                && !$0.hasPrefix("Sources/Providers/Kubernetes/")
                && !$0.hasPrefix("Sources/Providers/Sandbox/")
                && !$0.hasPrefix("Sources/Providers/Forges/")
        },
        check: { file in
            let certain =
                /(^|[^.\w-])(401|403|404|405|409|412|415|422|428|429|431|503)\b(?![._])/
            let named = /\b[sS]tatus(Code)?\b\s*[:=(]+\s*(code:\s*)?[1-5]\d\d\b/
            return file.code.indices.filter {
                file.code[$0].mentions("40", "41", "42", "43", "503", "tatus")
                    && (file.code[$0].has(certain) || file.code[$0].has(named))
            }.map {
                file.problem($0, "an HTTP status number", "use a case of API/Problems")
            }
        },
        bad: [
            Snippet("Sources/Server/API/A.swift", "return Response(status: 201)\n"),
            Snippet("Sources/Core/Jobs/A.swift", "if code == 404 {\n}\n"),
            Snippet("Sources/Server/API/A.swift", "let a = Status(code: 302)\n"),
        ],
        good: [
            Snippet("Sources/Server/API/A.swift", "let a = 4_040 // 404\nlet b = \"404\"\n"),
            Snippet("Sources/Server/API/Problems/A.swift", "case .notFound: 404\n"),
        ]
    )

    static let imports = Rule(
        name: "a target imports only what its layer may",
        covers: { isSwift($0) && $0.hasPrefix("Sources/") },
        check: { file in
            guard let layer = Layer.of(file.path) else {
                return [file.problem(0, "a folder of no layer", "use a target of DESIGN §2")]
            }
            return file.code.indices.compactMap { index in
                guard let name = file.code[index].importedModule,
                    !layer.mayImport(name)
                else { return nil }
                return file.problem(
                    index,
                    "\(layer.name) imports \(name)",
                    "use what its layer may see: \(layer.imports.sorted().joined(separator: " "))"
                )
            }
        },
        bad: [
            Snippet("Sources/Core/Domain/A.swift", "import Glibc\n"),
            Snippet("Sources/Core/Storage/A.swift", "package import Jobs\n"),
            Snippet("Sources/Providers/GitOps/A.swift", "@testable import Storage\n"),
            Snippet("Sources/Server/API/A.swift", "import struct Foundation.Date\n"),
            Snippet("Sources/Core/Nowhere/A.swift", "let a = 1\n"),
        ],
        good: [
            Snippet("Sources/Core/Storage/A.swift", "package import Domain\nimport Postgres\n"),
            Snippet("Sources/Core/Domain/A.swift", "// import Glibc\nlet a = \"import Glibc\"\n"),
        ]
    )
}

extension String {
    /// The module that this line of code imports.
    fileprivate var importedModule: String? {
        guard mentions("import"), let named = firstMatch(of: importStatement)?.1 else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "var", "typealias"]
        let words = named.split { " .".contains($0) }
        return words.first { !kinds.contains($0) }.map(String.init)
    }
}

// Safety: a regular expression is never changed once made.
nonisolated(unsafe) private let importStatement =
    /^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:\w+\s+)?import\s+(\w[\w. ]*)/
