/// What `Package.swift` declares, read as text.
enum Manifest {
    /// Each target's dependencies, for the targets whose sources are the product's.
    static func dependencies(in manifest: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for piece in manifest.split(separator: "arget(").dropFirst() {
            let end = piece.firstRange(of: "path: \"Sources/Core/System")?.lowerBound
            let text = end == nil ? String(piece) : ""
            guard let name = text.firstMatch(of: /name:\s*"(\w+)"/)?.1,
                let path = text.firstMatch(of: /path:\s*"(Sources\/[^"]*)"/)
            else { continue }
            let head = text[..<path.range.lowerBound]
            let list = head.firstMatch(of: /dependencies:\s*\[([^\]]*)\]/)?.1 ?? ""
            let words = list.split { ", \n\t".contains($0) }.map { $0.filter { $0 != "\"" } }
            found[String(name)] = Set(words.map(product))
        }
        return found
    }

    /// What the layers do not allow, as sentences.
    static func problems(_ declared: [String: Set<String>]) -> [String] {
        declared.sorted { $0.key < $1.key }.flatMap { name, dependencies -> [String] in
            guard let layer = Layer.all.first(where: { $0.name == name }) else {
                return ["\(name) is a target of no layer, use a target of DESIGN §2"]
            }
            return dependencies.subtracting(layer.imports).sorted().map {
                "\(name) depends on \($0), use the layers of DESIGN §2"
            }
        }
    }

    private static let products = [
        "log": "Logging", "yams": "Yams", "arguments": "ArgumentParser", "jwt": "JWTKit",
    ]

    private static func product(_ word: String) -> String {
        products[word] ?? word
    }
}
