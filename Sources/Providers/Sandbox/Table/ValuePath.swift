import JSON

/// A path as printer columns have it: members, indices and one-condition filters of JSONPath
/// (`.status.conditions[?(@.type=="Ready")].status`).
struct ValuePath {
    private enum Step {
        case member(String)
        case index(Int)
        case first(where: [String], is: String)
    }

    private var steps: [Step] = []

    init(_ text: String) {
        var rest = Substring(text)
        while let mark = rest.popFirst() {
            switch mark {
            case ".":
                let name = Self.name(&rest)
                if !name.isEmpty { steps.append(.member(name)) }
            case "[":
                guard let end = rest.firstIndex(of: "]") else { return }
                if let step = Self.step(rest[..<end]) { steps.append(step) }
                rest = rest[rest.index(after: end)...]
            default: return
            }
        }
    }

    /// A member's name up to the next step; `\\` keeps what follows it.
    private static func name(_ rest: inout Substring) -> String {
        var name = ""
        while let next = rest.first, next != ".", next != "[" {
            rest.removeFirst()
            name.append(next == "\\" ? rest.popFirst() ?? next : next)
        }
        return name
    }

    private static func step(_ text: Substring) -> Step? {
        if let index = Int(text) { return .index(index) }
        let quotes: Set<Character> = ["'", "\""]
        guard text.hasPrefix("?(@.") else {
            return .member(text.filter { !quotes.contains($0) })
        }
        let parts = text.dropFirst(4).dropLast().split(
            separator: "=",
            omittingEmptySubsequences: true
        )
        guard parts.count == 2 else { return nil }
        return .first(
            where: parts[0].filter { $0 != " " }.split(separator: ".").map(String.init),
            is: parts[1].filter { !quotes.contains($0) && $0 != " " }
        )
    }

    /// What stands there; nil where nothing does.
    func value(in json: JSON) -> JSON? {
        var value = json
        for step in steps {
            let next: JSON? =
                switch step {
                case .member(let name): value[name]
                case .index(let index): value[index]
                case .first(let path, let text):
                    value.array?.first { $0.value(at: JSONPointer(path))?.string == text }
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}
