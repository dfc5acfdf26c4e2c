import ArgumentParser
import Domain

/// A node pool on the command line: `NAME,size=small,count=3,label=tier=web`.
enum PoolArgument {
    static func pool(_ text: String) throws -> NodePool {
        let parts = text.split(separator: ",").map(String.init)
        guard let name = parts.first, !name.contains("=") else {
            throw ValidationError("--pool begins with a name: \(text)")
        }
        var pool = NodePool(name: name, count: .fixed(1))
        var labels: [(key: String, value: String)] = []
        var least = 1
        var most: Int?
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw ValidationError("--pool takes KEY=VALUE: \(part)") }
            switch pair[0] {
            case "size": pool.size = pair[1]
            case "count": pool.count = .fixed(try number(pair[1]))
            case "min": least = try number(pair[1])
            case "max": most = try number(pair[1])
            case "label": labels.append(try self.pair(pair[1]))
            case "taint": pool.taints.append(try taint(pair[1]))
            default: throw ValidationError("--pool does not know \(pair[0])")
            }
        }
        if let most { pool.count = .scaled(least, through: most) }
        do {
            pool.labels = try Labels(parsing: labels)
        } catch {
            throw ValidationError("a label of --pool is not usable: \(error)")
        }
        return pool
    }

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), (0...NodePool.nodesMax).contains(number) else {
            throw ValidationError("\(text) is no number of nodes")
        }
        return number
    }

    private static func pair(_ text: String) throws -> (key: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ValidationError("a label is KEY=VALUE: \(text)") }
        return (String(parts[0]), String(parts[1]))
    }

    private static func taint(_ text: String) throws -> NodeTaint {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2, let effect = NodeTaint.Effect(rawValue: parts[1]) else {
            throw ValidationError("a taint is KEY=VALUE:EFFECT: \(text)")
        }
        let pair = parts[0].split(separator: "=", maxSplits: 1).map(String.init)
        return NodeTaint(
            key: pair.first ?? "",
            value: pair.count > 1 ? pair[1] : "",
            effect: effect
        )
    }
}
