/// The settings as the program declares them and as the README shows them.
enum SettingsTable {
    /// A row: flag, variable, default, sentence.
    struct Row: Equatable, CustomStringConvertible {
        let words: [String]

        var description: String { words.joined(separator: " | ") }
    }

    /// The rows that the source of `SettingName` declares, in order.
    static func declared(in source: String) -> [Row] {
        source.split(separator: "Row(", omittingEmptySubsequences: false).dropFirst().compactMap {
            text in
            let pieces = text.prefix { $0 != ")" }.matches(of: /(\w+):\s*"([^"]*)"/)
            let words = pieces.map { String($0.2) }
            return pieces.first?.1 == "flag" && words.count == 4 ? Row(words: words) : nil
        }
    }

    /// The rows of the table under `## Settings`.
    static func shown(in page: [String]) -> [Row] {
        let start = page.firstIndex(of: "## Settings") ?? page.endIndex
        let section = page[start...].dropFirst().prefix { !$0.hasPrefix("## ") }
        return section.filter { $0.hasPrefix("| `--") }.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            let words = cells.dropFirst().dropLast().map { $0.filter { $0 != "`" }.trimmed }
            return Row(words: [String(words[0].dropFirst(2))] + words.dropFirst())
        }
    }
}
