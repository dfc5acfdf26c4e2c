import HTTP

/// The page of a problem code, to which the `type` of every problem leads.
struct GetProblem: Operation {
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    static let endpoint = Endpoint("getProblem", .get, "/problems/{code}", for: .everybody)

    private let code: String

    init(reading inputs: Inputs) throws(Problem) {
        code = inputs.path("code")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let kind = ProblemKind.named(code) else { throw Problem.notFound }
        return Answer.document(Self.page(kind), contentType: "text/html; charset=utf-8")
            .with(.contentSecurityPolicy, Self.policy)
    }

    private static func page(_ kind: ProblemKind) -> [UInt8] {
        let others = ProblemKind.all.map { other in
            "<li><a href=\"\(other.path)\">\(other.code)</a></li>"
        }
        let text = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(kind.title) · Slipway</title>
            <style>
            body { font: 16px/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto;
                   padding: 0 1rem; color-scheme: light dark }
            code { font-size: .95em }
            ul { columns: 2; padding-left: 1.2rem; font-size: .9em }
            </style>
            <h1>\(kind.title)</h1>
            <p><code>\(kind.code)</code> · status \(kind.status.code)</p>
            <p>\(marked(kind.meaning))</p>
            <h2>All codes</h2>
            <ul>\(others.joined())</ul>
            <p><a href="/docs">The whole API</a></p>
            </html>

            """
        return Array(text.utf8)
    }

    /// The table's sentences as HTML: escaped, and what stands in backticks as code.
    private static func marked(_ text: String) -> String {
        var html = ""
        var isCode = false
        for character in text {
            switch character {
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "&": html += "&amp;"
            case "`":
                html += isCode ? "</code>" : "<code>"
                isCode.toggle()
            default: html.append(character)
            }
        }
        return html
    }
}
