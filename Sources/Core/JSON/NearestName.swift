/// The name among `names` that a typist most likely meant by `word`, or nil when none is near.
///
/// Near means at most one edit for up to four bytes, two up to eight, three beyond: insertions,
/// deletions, replacements and swapped neighbours, upper and lower case alike. Words longer than
/// 64 bytes have no nearest name, so that the work stays small for any input.
package func nearest(to word: String, in names: some Sequence<String>) -> String? {
    let typed = word.lowercased().utf8.prefix(65).map { $0 }
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    let allowed = typed.count <= 4 ? 1 : typed.count <= 8 ? 2 : 3
    var best: (name: String, edits: Int)?
    for name in names {
        let known = Array(name.lowercased().utf8)
        guard known.count <= 64, abs(known.count - typed.count) <= allowed else { continue }
        let edits = editDistance(typed, known)
        guard edits <= allowed, edits < known.count, edits < best?.edits ?? .max else { continue }
        best = (name, edits)
    }
    return best?.name
}

/// The optimal string alignment distance, in three rows.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...max(left.count, 1) where row <= left.count {
        var next = [row]
        for column in 1...max(right.count, 1) where column <= right.count {
            let isSame = left[row - 1] == right[column - 1]
            var cost = min(
                last[column] + 1,
                next[column - 1] + 1,
                last[column - 1] + (isSame ? 0 : 1)
            )
            if row > 1, column > 1, left[row - 1] == right[column - 2],
                left[row - 2] == right[column - 1]
            {
                cost = min(cost, beforeLast[column - 2] + 1)
            }
            next.append(cost)
        }
        beforeLast = last
        last = next
    }
    return last[right.count]
}
