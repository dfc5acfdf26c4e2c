/// The files that the program carries inside itself, compared with the folders they come from.
enum Embedded {
    static func problems(_ list: SourceText, _ paths: [String]) -> [Problem] {
        let carried = entries(list)
        var problems: [Problem] = []
        for path in paths where isPromised(path) && !carried.contains(where: { $0.path == path }) {
            problems.append(list.problem(0, "\(path) is not embedded", "use a block for it"))
        }
        for entry in carried where !paths.contains(entry.path) {
            problems.append(
                list.problem(entry.line, "\(entry.path) does not exist", "use its new path")
            )
        }
        let sources = list.lines.compactMap { line in
            line.firstMatch(of: /^#embed "(?:\.\.\/)*([^"]*)"/).map { String($0.1) }
        }
        for entry in carried where !sources.contains(entry.path) {
            problems.append(
                list.problem(entry.line, "\(entry.path) has no #embed", "use one for it")
            )
        }
        return problems
    }

    private static func isPromised(_ path: String) -> Bool {
        path == "openapi.yaml" || path.hasPrefix("examples/platform-blueprint/")
            || path.hasPrefix("examples/cluster-classes/")
            || (path.hasPrefix("migrations/") && path.hasSuffix(".sql"))
    }

    private static func entries(_ list: SourceText) -> [(line: Int, path: String)] {
        list.lines.enumerated().compactMap { index, line in
            line.firstMatch(of: /^\s*\{"([^"]+)",/).map { (index, String($0.1)) }
        }
    }
}
