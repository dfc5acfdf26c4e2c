/// Fills in absent members by the defaults of a schema.
struct SchemaDefaults {
    /// Members that may be filled in; a schema can ask for exponentially many.
    static let insertionsMax = 10_000

    private let nodes: [SchemaNode]
    private var insertions = 0
    private var depth = 0
    /// Schemas whose default is just being filled in further; one of them inside itself would
    /// never end.
    private var inserting: Set<SchemaNode.ID> = []

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    mutating func filling(_ instance: JSON) -> JSON { fill(instance, by: 0) }

    private mutating func fill(_ value: JSON, by id: SchemaNode.ID) -> JSON {
        guard depth < JSONSchema.depthMax else { return value }
        depth += 1
        defer { depth -= 1 }
        let node = nodes[id]
        var result = value
        if let objects = node.objects, case .object(let object) = result {
            result = .object(fill(object, by: objects))
        }
        if let arrays = node.arrays, case .array(let elements) = result {
            result = .array(fill(elements, by: arrays))
        }
        guard let composition = node.composition else { return result }
        if let reference = composition.reference { result = fill(result, by: reference) }
        for part in composition.allOf { result = fill(result, by: part) }
        return result
    }

    private mutating func fill(
        _ object: JSONObject,
        by rules: SchemaNode.ObjectRules
    ) -> JSONObject {
        var result = object
        for property in rules.properties {
            if let value = result[property.name] {
                result[property.name] = fill(value, by: property.id)
            } else if let value = inserted(by: property.id) {
                result[property.name] = value
            }
        }
        return result
    }

    private mutating func inserted(by id: SchemaNode.ID) -> JSON? {
        guard let value = defaultValue(of: id), insertions < Self.insertionsMax,
            inserting.insert(id).inserted
        else { return nil }
        insertions += 1
        defer { inserting.remove(id) }
        return fill(value, by: id)
    }

    /// The default that stands beside the schema, or behind its reference.
    private func defaultValue(of id: SchemaNode.ID) -> JSON? {
        var id: SchemaNode.ID? = id
        for _ in 0..<JSONSchema.chainMax {
            guard let current = id else { return nil }
            if let value = nodes[current].defaultValue { return value }
            id = nodes[current].composition?.reference
        }
        return nil
    }

    private mutating func fill(_ elements: [JSON], by rules: SchemaNode.ArrayRules) -> [JSON] {
        var result = elements
        for (place, element) in elements.enumerated() {
            let id = place < rules.prefix.count ? rules.prefix[place] : rules.items
            if let id { result[place] = fill(element, by: id) }
        }
        return result
    }
}
