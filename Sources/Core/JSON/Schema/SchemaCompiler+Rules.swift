extension SchemaCompiler {
    func numbers(_ reader: SchemaKeywords) throws(SchemaFault) -> SchemaNode.NumberRules? {
        let keywords = [
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        ]
        guard reader.hasAny(of: keywords) else { return nil }
        var rules = SchemaNode.NumberRules()
        rules.minimum = try reader.number("minimum")
        rules.maximum = try reader.number("maximum")
        rules.exclusiveMinimum = try reader.number("exclusiveMinimum")
        rules.exclusiveMaximum = try reader.number("exclusiveMaximum")
        rules.multipleOf = try reader.number("multipleOf")
        if let divisor = rules.multipleOf?.decimal {
            guard !divisor.isNegative, (1...18).contains(divisor.digits.count) else {
                throw reader.fault("multipleOf", "a number above 0 of at most 18 digits is needed")
            }
        }
        return rules
    }

    func texts(_ reader: SchemaKeywords) throws(SchemaFault) -> SchemaNode.TextRules? {
        guard reader.hasAny(of: ["minLength", "maxLength", "pattern", "format"]) else { return nil }
        var rules = SchemaNode.TextRules()
        rules.lengthMin = try reader.count("minLength")
        rules.lengthMax = try reader.count("maxLength")
        if let pattern = try reader.text("pattern") {
            rules.pattern = try self.pattern(pattern, at: reader.pointer.appending("pattern"))
        }
        if let format = try reader.text("format"), formats == .assertion {
            rules.format = SchemaFormat(rawValue: format)
        }
        return rules
    }

    private func pattern(
        _ source: String,
        at pointer: JSONPointer
    ) throws(SchemaFault) -> TextPattern {
        do {
            return try TextPattern(parsing: source)
        } catch {
            throw SchemaFault(pointer, error.description)
        }
    }

    mutating func objects(
        _ reader: SchemaKeywords
    ) throws(SchemaFault) -> SchemaNode.ObjectRules? {
        let keywords = [
            "required", "properties", "patternProperties", "additionalProperties",
            "propertyNames", "minProperties", "maxProperties", "dependentRequired",
            "dependentSchemas", "unevaluatedProperties",
        ]
        guard reader.hasAny(of: keywords) else { return nil }
        var rules = SchemaNode.ObjectRules()
        rules.required = try reader.texts("required")
        rules.properties = try subschemas(reader, "properties")
        for (place, property) in rules.properties.enumerated() {
            rules.propertyPlaces[ByteKey(property.name)] = place
        }
        for (source, id) in try subschemas(reader, "patternProperties") {
            let pointer = reader.pointer.appending("patternProperties").appending(source)
            rules.patterns.append((try pattern(source, at: pointer), id))
        }
        rules.additional = try subschema(reader, "additionalProperties")
        rules.names = try subschema(reader, "propertyNames")
        rules.countMin = try reader.count("minProperties")
        rules.countMax = try reader.count("maxProperties")
        rules.dependentSchemas = try subschemas(reader, "dependentSchemas")
        rules.unevaluated = try subschema(reader, "unevaluatedProperties")
        if let members = try reader.members("dependentRequired") {
            let inner = SchemaKeywords(
                object: members,
                pointer: reader.pointer.appending("dependentRequired")
            )
            for name in members.keys {
                rules.dependentRequired.append((name, try inner.texts(name)))
            }
        }
        return rules
    }

    mutating func arrays(_ reader: SchemaKeywords) throws(SchemaFault) -> SchemaNode.ArrayRules? {
        let keywords = [
            "prefixItems", "items", "contains", "minContains", "maxContains", "minItems",
            "maxItems", "uniqueItems", "unevaluatedItems",
        ]
        guard reader.hasAny(of: keywords) else { return nil }
        var rules = SchemaNode.ArrayRules()
        rules.prefix = try list(reader, "prefixItems")
        rules.items = try subschema(reader, "items")
        rules.contains = try subschema(reader, "contains")
        rules.containsMin = try reader.count("minContains") ?? 1
        rules.containsMax = try reader.count("maxContains")
        rules.countMin = try reader.count("minItems")
        rules.countMax = try reader.count("maxItems")
        rules.isUnique = try reader.bool("uniqueItems") ?? false
        rules.unevaluated = try subschema(reader, "unevaluatedItems")
        return rules
    }
}
