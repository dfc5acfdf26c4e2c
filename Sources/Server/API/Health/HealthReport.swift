/// How a healthy answer looks: `ok`, or with `?verbose` one line a check before it; what is not
/// vital may be troubled.
struct HealthReport: Sendable {
    /// A check's name and what is wrong with it; nil where nothing is.
    typealias Check = (name: String, trouble: String?)

    private static let contentType = "text/plain; charset=utf-8"
    private static let plain = Array("ok\n".utf8)

    /// Whether every check is to be listed.
    let isVerbose: Bool

    init(reading inputs: Inputs) throws(Problem) {
        switch inputs.call.query["verbose"] {
        case nil, "false": isVerbose = false
        case "", "true": isVerbose = true
        default:
            throw .invalidQuery([
                .query("verbose", "unknown-value", "Expected nothing, true or false.")
            ])
        }
    }

    func answer(_ checks: [Check]) -> Answer {
        guard isVerbose else { return .document(Self.plain, contentType: Self.contentType) }
        let lines = checks.map { check in
            check.trouble.map { "[-] \(check.name) \($0)\n" } ?? "[+] \(check.name) ok\n"
        }.joined()
        return .document(Array("\(lines)ok\n".utf8), contentType: Self.contentType)
    }
}
