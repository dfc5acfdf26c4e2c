/// One walk of a value through a schema, collecting everything that is not allowed.
struct SchemaCheck {
    let nodes: [SchemaNode]
    let tracksEvaluation: Bool
    private var violations: [SchemaViolation] = []
    private var failures = 0
    /// Above 0 while only the verdict counts, as inside `not`.
    private var quietDepth = 0
    private var path: [Step] = []
    private var steps = 0
    /// Instructions that the patterns of this check may still take.
    private var patternSteps = JSONSchema.patternStepsMax
    private var depth = 0
    private var gaveUp = false

    private enum Step {
        case key(String)
        case index(Int)
    }

    /// The places of an object's members or an array's elements that some keyword looked at.
    struct Evaluated {
        var isAll = false
        var places: Set<Int> = []

        mutating func formUnion(_ other: Evaluated) {
            isAll = isAll || other.isAll
            places.formUnion(other.places)
        }
    }

    init(nodes: [SchemaNode], tracksEvaluation: Bool) {
        self.nodes = nodes
        self.tracksEvaluation = tracksEvaluation
    }

    mutating func violations(of instance: JSON) -> [SchemaViolation] {
        _ = apply(0, to: instance)
        guard gaveUp else { return violations }
        let limit = SchemaViolation(
            pointer: .root,
            code: "limit",
            message: "takes too much work to check by its schema"
        )
        return [limit] + violations
    }

    mutating func apply(_ id: SchemaNode.ID, to value: JSON) -> Evaluated {
        steps += 1
        guard !gaveUp, steps <= JSONSchema.stepsMax, depth < JSONSchema.depthMax else {
            gaveUp = true
            failures += 1
            return Evaluated()
        }
        depth += 1
        defer { depth -= 1 }
        let node = nodes[id]
        if node.isNever { fail("false", "is not allowed here") }
        checkAnyKind(value, node)
        var evaluated = Evaluated()
        switch value {
        case .number(let number): node.numbers.map { check(number, $0) }
        case .string(let text): node.texts.map { check(text, $0) }
        case .object(let object): node.objects.map { evaluated = check(object, $0) }
        case .array(let elements): node.arrays.map { evaluated = check(elements, $0) }
        case .null, .bool: break
        }
        if let composition = node.composition {
            evaluated.formUnion(check(value, composition))
        }
        return checkUnevaluated(value, node, evaluated)
    }

    /// Whether the text matches; nil when finding out would take too much work.
    mutating func matches(_ pattern: TextPattern, _ text: String) -> Bool? {
        guard patternSteps > 0, !gaveUp else { return nil }
        let verdict = pattern.matches(text, within: &patternSteps)
        if patternSteps <= 0 {
            gaveUp = true
            failures += 1
        }
        return verdict
    }

    // MARK: Telling

    /// Whether nobody hears of further violations.
    var isFull: Bool { quietDepth > 0 || violations.count >= JSONSchema.violationsMax }

    /// Notes that the value at the current place is not allowed.
    mutating func fail(_ code: String, _ message: @autoclosure () -> String) {
        failures += 1
        guard !isFull else { return }
        violations.append(
            SchemaViolation(pointer: pointer, code: code, message: message())
        )
    }

    private var pointer: JSONPointer {
        JSONPointer(
            path.map { step in
                switch step {
                case .key(let key): key
                case .index(let index): String(index)
                }
            }
        )
    }

    /// Does `body` at the member `key` of the current value.
    mutating func at<R>(_ key: String, _ body: (inout SchemaCheck) -> R) -> R {
        path.append(.key(key))
        defer { path.removeLast() }
        return body(&self)
    }

    /// Does `body` at the element `index` of the current value.
    mutating func at<R>(_ index: Int, _ body: (inout SchemaCheck) -> R) -> R {
        path.append(.index(index))
        defer { path.removeLast() }
        return body(&self)
    }

    /// Whether the schema allows the value, and what it looked at when it does.
    mutating func admits(_ id: SchemaNode.ID, _ value: JSON) -> Evaluated? {
        let before = failures
        quietDepth += 1
        let evaluated = apply(id, to: value)
        quietDepth -= 1
        defer { failures = before }
        return failures == before ? evaluated : nil
    }

    /// What the schema does not allow about the value, told by nobody yet.
    mutating func trial(
        _ id: SchemaNode.ID,
        _ value: JSON
    ) -> (evaluated: Evaluated?, violations: [SchemaViolation]) {
        let before = failures
        let told = violations
        violations = []
        let evaluated = apply(id, to: value)
        defer {
            failures = before
            violations = told
        }
        return (failures == before ? evaluated : nil, violations)
    }
}
