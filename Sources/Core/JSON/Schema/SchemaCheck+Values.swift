extension SchemaCheck {
    mutating func checkAnyKind(_ value: JSON, _ node: SchemaNode) {
        if let types = node.types, !types.allow(value) {
            let found = value.number == nil ? value.kindInWords : value.description
            return fail("type", "must be \(types.inWords), not \(found)")
        }
        if let constant = node.constant, value != constant {
            fail("const", "must be \(constant)")
        }
        if let allowed = node.enumeration, !allowed.contains(value) {
            fail("enum", Self.enumerationMessage(value, allowed))
        }
    }

    private static func enumerationMessage(_ value: JSON, _ allowed: [JSON]) -> String {
        let shownMax = 20
        let shown = allowed.prefix(shownMax).map(\.description).joined(separator: ", ")
        let rest = allowed.count > shownMax ? " and \(allowed.count - shownMax) more" : ""
        let near = value.string.flatMap { nearest(to: $0, in: allowed.lazy.compactMap(\.string)) }
        let hint = near.map { "; did you mean \(JSON.string($0))?" } ?? ""
        return "must be \(allowed.count == 1 ? "" : "one of ")\(shown)\(rest)\(hint)"
    }

    mutating func check(_ number: JSONNumber, _ rules: SchemaNode.NumberRules) {
        if let least = rules.minimum, number < least {
            fail("minimum", "must be at least \(least)")
        }
        if let most = rules.maximum, most < number {
            fail("maximum", "must be at most \(most)")
        }
        if let bound = rules.exclusiveMinimum, number <= bound {
            fail("exclusiveMinimum", "must be more than \(bound)")
        }
        if let bound = rules.exclusiveMaximum, bound <= number {
            fail("exclusiveMaximum", "must be less than \(bound)")
        }
        if let divisor = rules.multipleOf, !number.decimal.isMultiple(of: divisor.decimal) {
            fail("multipleOf", "must be a multiple of \(divisor)")
        }
    }

    mutating func check(_ text: String, _ rules: SchemaNode.TextRules) {
        if rules.lengthMin != nil || rules.lengthMax != nil {
            let length = text.unicodeScalars.count
            if let least = rules.lengthMin, length < least {
                fail("minLength", "must have at least \(Self.counted(least, "character"))")
            }
            if let most = rules.lengthMax, length > most {
                fail("maxLength", "must have at most \(Self.counted(most, "character"))")
            }
        }
        if let pattern = rules.pattern {
            switch matches(pattern, text) {
            case true?: break
            case false?: fail("pattern", "must match the pattern \(pattern.source)")
            case nil:
                fail("pattern", "is too long to be checked by the pattern \(pattern.source)")
            }
        }
        if let format = rules.format, !format.allows(text) {
            fail("format", "must be \(format.inWords)")
        }
    }

    /// "1 character", "2 characters".
    static func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
