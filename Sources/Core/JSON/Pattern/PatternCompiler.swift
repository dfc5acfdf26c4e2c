/// Turns a tree into the matcher's instructions, refusing what would come to too many.
struct PatternCompiler {
    private var program: [TextPattern.Instruction] = []
    /// Parts visited, which bounds the work of repeating what needs no instruction.
    private var visits = 0

    mutating func program(
        of tree: PatternTree
    ) throws(PatternFault) -> [TextPattern.Instruction] {
        try emit(tree)
        try append(.match)
        return program
    }

    private mutating func append(_ instruction: TextPattern.Instruction) throws(PatternFault) {
        guard program.count < TextPattern.instructionsMax else { throw Self.tooLarge }
        program.append(instruction)
    }

    private static let tooLarge = PatternFault(
        offset: 0,
        reason: "with its repetitions written out the pattern has more than "
            + "\(TextPattern.instructionsMax) steps"
    )

    private mutating func emit(_ tree: PatternTree) throws(PatternFault) {
        visits += 1
        guard visits <= 10 * TextPattern.instructionsMax else { throw Self.tooLarge }
        switch tree {
        case .set(let set):
            try append(.take(set))
        case .assertion(let assertion):
            try append(.require(assertion))
        case .sequence(let parts):
            for part in parts { try emit(part) }
        case .choice(let branches):
            try emit(choice: branches)
        case .repetition(let part, let least, let most):
            for _ in 0..<least { try emit(part) }
            guard let most else { return try emit(loop: part) }
            try emit(optional: part, times: most - least)
        }
    }

    private mutating func emit(choice branches: [PatternTree]) throws(PatternFault) {
        var ends: [Int] = []
        for branch in branches.dropLast() {
            let split = program.count
            try append(.split(split + 1, 0))
            try emit(branch)
            ends.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        if let last = branches.last { try emit(last) }
        for end in ends { program[end] = .jump(program.count) }
    }

    private mutating func emit(loop part: PatternTree) throws(PatternFault) {
        let split = program.count
        try append(.split(split + 1, 0))
        try emit(part)
        try append(.jump(split))
        program[split] = .split(split + 1, program.count)
    }

    private mutating func emit(
        optional part: PatternTree,
        times: Int
    ) throws(PatternFault) {
        var splits: [Int] = []
        for _ in 0..<times {
            splits.append(program.count)
            try append(.split(program.count + 1, 0))
            try emit(part)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
