/// The lines that two texts share and those that differ (Myers, "An O(ND) Difference Algorithm").
struct EditScript {
    /// One line of the script.
    struct Edit {
        /// " ", "-" or "+".
        let sign: String
        let line: ArraySlice<UInt8>
    }

    /// Lines that are shown together.
    struct Hunk {
        var beforeStart: Int
        var beforeCount = 0
        var afterStart: Int
        var afterCount = 0
        var edits: [Edit] = []
    }

    private(set) var edits: [Edit] = []

    init(_ before: [ArraySlice<UInt8>], _ after: [ArraySlice<UInt8>], editsMax: Int) {
        let shortest = min(before.count, after.count)
        var head = 0
        while head < shortest, before[head] == after[head] { head += 1 }
        var tail = 0
        while tail < shortest - head,
            before[before.count - 1 - tail] == after[after.count - 1 - tail]
        { tail += 1 }
        edits = before[..<head].map { Edit(sign: " ", line: $0) }
        edits += Self.middle(
            Array(before[head..<before.count - tail]),
            Array(after[head..<after.count - tail]),
            editsMax: editsMax
        )
        edits += before[(before.count - tail)...].map { Edit(sign: " ", line: $0) }
    }

    private static func middle(
        _ before: [ArraySlice<UInt8>],
        _ after: [ArraySlice<UInt8>],
        editsMax: Int
    ) -> [Edit] {
        let bound = min(editsMax, before.count + after.count)
        var furthest = [Int](repeating: 0, count: 2 * bound + 3)
        var trace: [[Int]] = []
        let zero = bound + 1
        for distance in 0...bound {
            trace.append(furthest)
            for diagonal in stride(from: -distance, through: distance, by: 2) {
                let index = zero + diagonal
                let isDown =
                    diagonal == -distance
                    || (diagonal != distance && furthest[index - 1] < furthest[index + 1])
                var x = isDown ? furthest[index + 1] : furthest[index - 1] + 1
                while x < before.count, x - diagonal >= 0, x - diagonal < after.count,
                    before[x] == after[x - diagonal]
                { x += 1 }
                furthest[index] = x
                if x >= before.count, x - diagonal >= after.count {
                    return walk(back: trace, before, after, zero: zero)
                }
            }
        }
        return before.map { Edit(sign: "-", line: $0) } + after.map { Edit(sign: "+", line: $0) }
    }

    private static func walk(
        back trace: [[Int]],
        _ before: [ArraySlice<UInt8>],
        _ after: [ArraySlice<UInt8>],
        zero: Int
    ) -> [Edit] {
        var reversed: [Edit] = []
        var x = before.count
        var y = after.count
        for distance in trace.indices.reversed() {
            let furthest = trace[distance]
            let diagonal = x - y
            let index = zero + diagonal
            let isDown =
                diagonal == -distance
                || (diagonal != distance && furthest[index - 1] < furthest[index + 1])
            let previousX = isDown ? furthest[index + 1] : furthest[index - 1]
            let previousY = previousX - (isDown ? diagonal + 1 : diagonal - 1)
            while x > previousX, y > previousY {
                reversed.append(Edit(sign: " ", line: before[x - 1]))
                x -= 1
                y -= 1
            }
            guard distance > 0 else { break }
            if isDown {
                reversed.append(Edit(sign: "+", line: after[y - 1]))
                y -= 1
            } else {
                reversed.append(Edit(sign: "-", line: before[x - 1]))
                x -= 1
            }
        }
        return reversed.reversed()
    }

    /// The differing lines with some shared ones around them.
    func hunks(context: Int) -> [Hunk] {
        var hunks: [Hunk] = []
        var before = 0
        var after = 0
        var lastShown = -1
        for (index, edit) in edits.enumerated() {
            if isShown(index, context: context) {
                if lastShown != index - 1 || hunks.isEmpty {
                    hunks.append(Hunk(beforeStart: before, afterStart: after))
                }
                lastShown = index
                hunks[hunks.count - 1].edits.append(edit)
                if edit.sign != "+" { hunks[hunks.count - 1].beforeCount += 1 }
                if edit.sign != "-" { hunks[hunks.count - 1].afterCount += 1 }
            }
            if edit.sign != "+" { before += 1 }
            if edit.sign != "-" { after += 1 }
        }
        return hunks
    }

    private func isShown(_ index: Int, context: Int) -> Bool {
        let low = max(0, index - context)
        let high = min(edits.count - 1, index + context)
        return edits[low...high].contains { $0.sign != " " }
    }
}
