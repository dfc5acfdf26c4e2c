import Domain
import Testing

/// Which of two deliveries tells of the later state.
@Suite struct HookOrderTests {
    private static let noon = Instant(microseconds: 1_795_219_200_000_000)

    private static func hash(_ letter: Character) -> String {
        String(repeating: letter, count: 40)
    }

    private static func push(
        _ before: Character?,
        _ after: Character?,
        at seconds: Int? = nil
    ) -> HookEvent {
        HookEvent(
            repository: "acme/shop",
            subject: .branch(
                BranchNews(
                    name: "main",
                    before: before.map(hash),
                    revision: after.map(hash)
                )
            ),
            at: seconds.map { noon.advanced(by: .seconds($0)) }
        )
    }

    /// A branch after those pushes were handled.
    private static func branch(after pushes: HookEvent...) -> SourceThread {
        pushes.reduce(SourceThread(key: "heads/main")) { $0.told($1) }
    }

    @Test func `news from the future are from when they arrived`() {
        func at(_ seconds: Int) -> Instant? {
            HookDelivery(
                id: HookDeliveryID(high: 1, low: 1),
                key: nil,
                event: Self.push("a", "b", at: seconds),
                job: JobID(high: 1, low: 1),
                at: Self.noon
            ).event.at
        }
        #expect(at(86_400) == Self.noon && at(61) == Self.noon)
        #expect(at(60) == Self.noon.advanced(by: .seconds(60)))
        #expect(at(-5) == Self.noon.advanced(by: .seconds(-5)))
    }

    @Test func `a push that another went on from is old, and one from the head is not`() {
        let branch = Self.branch(after: Self.push("a", "b"), Self.push("b", "c"))
        #expect(branch.lateness(of: Self.push("a", "b")) != nil)
        #expect(branch.lateness(of: Self.push("c", "d")) == nil)
        // Forced back to where it was.
        #expect(branch.lateness(of: Self.push("c", "b")) == nil)
        // Nobody told of the pushes in between.
        #expect(branch.lateness(of: Self.push("x", "y")) == nil)
        // The same once more, as by hand.
        #expect(branch.lateness(of: Self.push("b", "c")) == nil)
        let skipped = Self.branch(after: Self.push("b", "c"))
        #expect(skipped.lateness(of: Self.push("a", "b")) != nil)
    }

    @Test func `the end of a branch is as old as where it went from`() {
        let branch = Self.branch(after: Self.push("a", "b"), Self.push("b", "c"))
        #expect(branch.lateness(of: Self.push("b", nil)) != nil)
        #expect(branch.lateness(of: Self.push("c", nil)) == nil)
        let gone = Self.branch(after: Self.push("a", "b"), Self.push("b", nil))
        #expect(gone.lateness(of: Self.push("a", "b")) != nil)
        #expect(gone.lateness(of: Self.push("b", nil)) == nil)
        // Made again where it was.
        #expect(gone.lateness(of: Self.push("0", "b")) == nil)
    }

    @Test func `the forge's clock decides between pushes that do not meet`() {
        let branch = Self.branch(after: Self.push("a", "b", at: 0), Self.push("b", "c", at: 5))
        #expect(branch.lateness(of: Self.push("x", "y", at: 4)) != nil)
        #expect(branch.lateness(of: Self.push("x", "b", at: 6)) == nil)
        #expect(branch.lateness(of: Self.push("x", "b", at: 5)) != nil)
        // From the head, whatever the clock says.
        #expect(branch.lateness(of: Self.push("c", "d", at: 4)) == nil)
    }

    @Test func `of what waits the last in time or push by push is handled`() {
        func next(_ event: HookEvent, _ later: [(Int, HookEvent)]) -> Int? {
            SourceThread(key: "heads/main").successor(of: event, among: later.map { ($0, $1) })
        }
        let older = Self.push("x", "y", at: 1)
        let newer = Self.push("u", "v", at: 2)
        #expect(next(newer, [(1, older)]) == nil)
        #expect(next(older, [(1, newer)]) == 1)
        #expect(next(older, [(1, older), (2, newer), (3, older)]) == 3)
        let third = Self.push("c", "d")
        let chain = [(1, Self.push("a", "b")), (2, Self.push("b", "c"))]
        #expect(next(third, chain) == nil && next(third, chain.reversed()) == nil)
        #expect(next(third, chain + [(3, Self.push("d", "e"))]) == 3)
        #expect(next(Self.push("a", "b"), chain) == 2)
        // Forced there and back.
        #expect(next(Self.push("a", "b"), [(1, Self.push("b", "a"))]) == 1)
    }

    @Test func `what is remembered of a branch is bounded`() {
        var thread = SourceThread(key: "heads/main")
        for number in 0..<100 {
            let news = BranchNews(name: "main", before: "\(number)x", revision: "\(number)y")
            thread.remember(HookEvent(repository: "a/b", subject: .branch(news), at: nil))
        }
        #expect(thread.seen.count == SourceThread.seenMax && thread.seen.last == "99y")
    }
}
