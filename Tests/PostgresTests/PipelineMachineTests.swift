import Testing

@testable import Postgres

/// A server's side of the pipeline, as PostgreSQL's manual describes it.
private struct Server {
    /// What happens to a batch.
    enum Fate: Equatable {
        case works
        case failsAt(Int)
        case failsAtCommit
    }

    var answers: [PipelineMachine.Answer] = []

    mutating func run(_ count: Int, _ fate: Fate) {
        for place in 0..<count {
            switch fate {
            case .failsAt(let failing) where place == failing: answers.append(.failure)
            case .failsAt(let failing) where place > failing: answers.append(.skipped)
            default: answers.append(.success)
            }
            answers.append(.nothing)
        }
        if fate == .failsAtCommit { answers += [.failure, .nothing] }
        answers.append(.sync)
    }
}

@Suite struct PipelineMachineTests {
    /// What a caller is told about a statement in the end.
    private enum Told: Equatable {
        case kept
        case refused
        case skipped
    }

    /// Everything that one run said, and what was expected.
    private struct Record {
        var told: [Int: Told] = [:]
        var undone: Set<Int> = []
        var ended: [Int] = []
        var expected: [Told] = []
        var expectedUndone: Set<Int> = []

        mutating func expect(_ fate: Server.Fate, _ tickets: Range<Int>) {
            for (place, ticket) in tickets.enumerated() {
                switch fate {
                case .works: expected.append(.kept)
                case .failsAtCommit:
                    expected.append(.kept)
                    expectedUndone.insert(ticket)
                case .failsAt(let failing):
                    expected.append(
                        place < failing ? .kept : place == failing ? .refused : .skipped
                    )
                }
            }
        }

        /// Notes what an action told; false when the machine gave up.
        mutating func note(_ action: PipelineMachine.Action, _ batchIsRefused: inout Bool) -> Bool {
            switch action {
            case .keep(let ticket): told[ticket] = .kept
            case .refuse(let ticket): told[ticket] = .refused
            case .skip(let ticket): told[ticket] = .skipped
            case .refuseBatch: batchIsRefused = true
            case .end(let batch):
                ended += batch
                if batchIsRefused { undone.formUnion(batch) }
                batchIsRefused = false
            case .proceed: break
            case .drop: return false
            }
            return true
        }
    }

    @Test(arguments: 0..<200)
    func `every statement is told its own fate, in order`(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var machine = PipelineMachine()
        var server = Server()
        var record = Record()
        var isRefused = false
        var read = 0
        for _ in 0..<60 {
            if Bool.random(using: &dice) {
                let count = Int.random(in: 1...6, using: &dice)
                let fate: Server.Fate =
                    switch Int.random(in: 0..<4, using: &dice) {
                    case 0: .failsAt(Int.random(in: 0..<count, using: &dice))
                    case 1: .failsAtCommit
                    default: .works
                    }
                let first = machine.sendStatement()
                for _ in 1..<count { _ = machine.sendStatement() }
                machine.sendSync()
                record.expect(fate, first..<(first + count))
                server.run(count, fate)
            }
            let arrived = Int.random(in: 0...(server.answers.count - read), using: &dice)
            for answer in server.answers[read..<(read + arrived)] {
                #expect(record.note(machine.received(answer), &isRefused))
            }
            read += arrived
        }
        for answer in server.answers[read...] {
            #expect(machine.isExpecting)
            #expect(record.note(machine.received(answer), &isRefused))
        }
        #expect(!machine.isExpecting && machine.pendingCount == 0)
        #expect(record.ended == Array(0..<record.expected.count))
        #expect((0..<record.expected.count).map { record.told[$0] } == record.expected)
        #expect(record.undone == record.expectedUndone)
    }

    @Test(arguments: 0..<100)
    func `an answer out of order is never taken for another`(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var machine = PipelineMachine()
        let count = Int.random(in: 1...4, using: &dice)
        for _ in 0..<count { _ = machine.sendStatement() }
        machine.sendSync()
        var server = Server()
        server.run(count, .works)
        let place = Int.random(in: 0..<server.answers.count, using: &dice)
        for answer in server.answers[..<place] {
            #expect(machine.received(answer) != .drop)
        }
        let right = server.answers[place]
        for wrong in PipelineMachine.Answer.allCases where wrong != right {
            var copy = machine
            let action = copy.received(wrong)
            switch (right, wrong) {
            // Other fates of the same statement, and an error or a separator at the sync.
            case (.success, .failure), (.success, .skipped): #expect(action != .drop)
            case (.sync, .failure): #expect(action == .refuseBatch)
            case (.sync, .nothing): #expect(action == .proceed)
            default: #expect(action == .drop)
            }
        }
    }

    @Test func `an answer that nobody waits for ends the session`() {
        var machine = PipelineMachine()
        for answer in PipelineMachine.Answer.allCases {
            #expect(machine.received(answer) == .drop)
        }
    }

    @Test func `what was sent and not ended counts as pending`() {
        var machine = PipelineMachine()
        _ = machine.sendStatement()
        _ = machine.sendStatement()
        #expect(machine.openCount == 2 && !machine.isExpecting)
        machine.sendSync()
        #expect(machine.openCount == 0 && machine.pendingCount == 2 && machine.isExpecting)
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
