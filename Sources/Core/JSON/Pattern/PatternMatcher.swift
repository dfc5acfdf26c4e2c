/// Follows all ways through a program at once, one scalar of the text after the other.
struct PatternMatcher {
    private let program: [TextPattern.Instruction]
    /// The instructions that wait for the next scalar.
    private var waiting: [Int] = []
    /// For each instruction the number of the place at which it was last reached, so that it is
    /// followed once a place.
    private var reachedAt: [Int]
    private var stack: [Int] = []
    /// Instructions taken so far.
    private(set) var steps = 0
    private let stepsMax: Int
    private var hasMatched = false

    init(program: [TextPattern.Instruction], stepsMax: Int) {
        self.program = program
        self.stepsMax = stepsMax
        reachedAt = [Int](repeating: -1, count: program.count)
    }

    /// Whether some part of `text` matches; nil when it takes too many steps to say.
    mutating func findsMatch(in text: String) -> Bool? {
        var previous: Unicode.Scalar?
        var place = 0
        for scalar in text.unicodeScalars {
            begin(at: place, between: previous, and: scalar)
            if hasMatched { return true }
            let taking = waiting
            waiting.removeAll(keepingCapacity: true)
            advance(taking, over: scalar)
            guard steps <= stepsMax else { return nil }
            previous = scalar
            place += 1
        }
        begin(at: place, between: previous, and: nil)
        return hasMatched
    }

    /// Instructions to go on with behind the last scalar, until what follows it is known.
    private var arrived: [Int] = []

    private mutating func advance(_ taking: [Int], over scalar: Unicode.Scalar) {
        arrived.removeAll(keepingCapacity: true)
        for instruction in taking {
            steps += 1
            if case .take(let set) = program[instruction], set.contains(scalar) {
                arrived.append(instruction + 1)
            }
        }
    }

    /// A match may begin at every place, so instruction 0 is always among those to go on with.
    private mutating func begin(
        at place: Int,
        between previous: Unicode.Scalar?,
        and next: Unicode.Scalar?
    ) {
        for instruction in arrived {
            follow(instruction, at: place, between: previous, and: next)
        }
        arrived.removeAll(keepingCapacity: true)
        follow(0, at: place, between: previous, and: next)
    }

    private mutating func follow(
        _ first: Int,
        at place: Int,
        between previous: Unicode.Scalar?,
        and next: Unicode.Scalar?
    ) {
        stack.append(first)
        while let instruction = stack.popLast() {
            guard reachedAt[instruction] != place else { continue }
            reachedAt[instruction] = place
            steps += 1
            switch program[instruction] {
            case .take: waiting.append(instruction)
            case .jump(let target): stack.append(target)
            case .match: hasMatched = true
            case .split(let one, let other):
                stack.append(other)
                stack.append(one)
            case .require(let assertion):
                if assertion.holds(between: previous, and: next) { stack.append(instruction + 1) }
            }
        }
    }
}

extension TextPattern.Assertion {
    fileprivate func holds(between previous: Unicode.Scalar?, and next: Unicode.Scalar?) -> Bool {
        let isWord = ScalarSet.wordCharacters.contains
        return switch self {
        case .start: previous == nil
        case .end: next == nil
        case .wordBoundary: previous.map(isWord) ?? false != next.map(isWord) ?? false
        case .noWordBoundary: previous.map(isWord) ?? false == next.map(isWord) ?? false
        }
    }
}
