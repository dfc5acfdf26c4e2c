import JSON

extension ListShape {
    /// A strategic merge patch, as kubectl sends it for Kubernetes' own kinds: lists with keys are
    /// merged, `$patch: delete` and `$patch: replace` are followed, hints of order are not.
    func merge(strategic patch: JSON, into value: JSON?, at path: [String] = []) -> JSON {
        switch (value, patch) {
        case (_, .object(let changes)):
            if changes["$patch"]?.string == "replace" {
                var result = changes
                result["$patch"] = nil
                return .object(result)
            }
            return .object(merge(changes, into: value?.object ?? JSONObject(), at: path))
        case (.array(let before)?, .array(let changes)):
            return merge(changes, into: before, at: path)
        default: return patch
        }
    }

    private func merge(
        _ changes: JSONObject,
        into before: JSONObject,
        at path: [String]
    ) -> JSONObject {
        var result = before
        let dropped = "$deleteFromPrimitiveList/"
        for member in changes {
            if member.key.hasPrefix(dropped) {
                let name = String(member.key.dropFirst(dropped.count))
                let gone = member.value.array ?? []
                result[name] = result[name]?.array.map { list in
                    .array(list.filter { !gone.contains($0) })
                }
            } else if member.key.hasPrefix("$") {
                continue
            } else if member.value.isNull {
                result[member.key] = nil
            } else {
                result[member.key] = merge(
                    strategic: member.value,
                    into: result[member.key],
                    at: path + [member.key]
                )
            }
        }
        return result
    }

    private func merge(_ changes: [JSON], into before: [JSON], at path: [String]) -> JSON {
        guard let old = items(of: before, at: path), let new = items(of: changes, at: path) else {
            let isSet = path.suffix(2) == ["metadata", "finalizers"]
            return .array(isSet ? before + changes.filter { !before.contains($0) } : changes)
        }
        var result = old
        for change in new {
            let place = result.firstIndex { $0.step == change.step }
            if change.value["$patch"]?.string == "delete" {
                if let place { result.remove(at: place) }
                continue
            }
            let merged = merge(
                strategic: change.value,
                into: place.map { result[$0].value },
                at: path + ["[]"]
            )
            if let place {
                result[place].value = merged
            } else {
                result.append((change.step, merged))
            }
        }
        return .array(result.map(\.value))
    }
}
