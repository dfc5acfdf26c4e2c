import JSON

extension ListShape {
    /// The live value with what is applied laid over it: objects and lists with keys are merged,
    /// everything else is replaced.
    func merge(_ applied: JSON, over live: JSON?, at path: [String] = []) -> JSON {
        switch (live, applied) {
        case (.object(let before)?, .object(let wanted)) where !isAtomic(objectAt: path):
            var result = before
            for member in wanted {
                result[member.key] = merge(
                    member.value,
                    over: before[member.key],
                    at: path + [member.key]
                )
            }
            return .object(result)
        case (.array(let before)?, .array(let wanted)):
            guard let before = items(of: before, at: path), let wanted = items(of: wanted, at: path)
            else { return applied }
            return .array(merge(wanted, over: before, at: path))
        default:
            return applied
        }
    }

    private func merge(
        _ wanted: [(step: String, value: JSON)],
        over before: [(step: String, value: JSON)],
        at path: [String]
    ) -> [JSON] {
        var rest = Dictionary(wanted.map { ($0.step, $0.value) }) { first, _ in first }
        var result = before.map { item in
            rest.removeValue(forKey: item.step).map { value in
                merge(value, over: item.value, at: path + ["[]"])
            } ?? item.value
        }
        for item in wanted where rest[item.step] != nil { result.append(item.value) }
        return result
    }

    /// The value without the fields of one set, unless they are in the other too; nil where
    /// nothing is left of it.
    func remove(
        _ gone: FieldTree,
        keeping kept: FieldTree?,
        from value: JSON,
        at path: [String] = []
    ) -> JSON? {
        if gone.isOwned, kept?.isEmpty ?? true { return nil }
        switch value {
        case .object(let object) where !isAtomic(objectAt: path):
            var result = object
            for (step, child) in gone.children where step.hasPrefix("f:") {
                let name = String(step.dropFirst(2))
                guard let member = object[name] else { continue }
                result[name] = remove(
                    child,
                    keeping: kept?[step],
                    from: member,
                    at: path + [name]
                )
            }
            return result.isEmpty && !object.isEmpty ? nil : .object(result)
        case .array(let list):
            guard let items = items(of: list, at: path) else { return value }
            let result = items.compactMap { item in
                guard let child = gone[item.step] else { return item.value }
                return remove(
                    child,
                    keeping: kept?[item.step],
                    from: item.value,
                    at: path + ["[]"]
                )
            }
            return result.isEmpty && !list.isEmpty ? nil : .array(result)
        default:
            return value
        }
    }
}
