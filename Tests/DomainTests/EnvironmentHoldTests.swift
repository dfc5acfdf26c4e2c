import JSON
import Testing

@testable import Domain

/// What keeps roll-outs from beginning: approvals, freezes, locks.
@Suite struct EnvironmentHoldTests {
    typealias Trial = EnvironmentTrial

    private static let ada = RollOutActor(
        name: "ada",
        token: TokenID(high: 4, low: 1),
        role: .tenantAdmin
    )
    private static let bob = RollOutActor(
        name: "bob",
        token: TokenID(high: 4, low: 2),
        role: .tenantAdmin
    )
    private static let none = RollOutHurdles(zones: Trial.Zones())

    private static func request(
        _ number: UInt64 = 2,
        by who: RollOutActor = ada,
        freeze: TenantFreeze? = nil
    ) -> RollOutRequest {
        RollOutRequest(
            id: DeploymentID(high: 9, low: number),
            by: who,
            hurdles: RollOutHurdles(zones: Trial.Zones(), freeze: freeze)
        )
    }

    /// An environment with something live, into which something else is asked for.
    private static func asked(
        _ number: UInt64 = 2,
        image: String = "registry.example.com/shop:2",
        freeze: TenantFreeze? = nil,
        at hours: Double = 1,
        on environment: Environment? = nil,
        _ edit: @escaping (inout EnvironmentOrder) -> Void
    ) throws -> Environment.Decision {
        let environment = try environment ?? Trial.live()
        return try environment.refresh(
            labels: Labels(),
            order: Trial.order(image: image, edit),
            request: request(number, freeze: freeze),
            in: Trial.places,
            on: Trial.occasion(hours)
        )
    }

    private static func approving(_ required: Int = 1, _ roles: Set<Role> = []) -> ApprovalRules {
        ApprovalRules(required: required, roles: roles)
    }

    @Test func `members of a group that is listed approve, whatever their role`() throws {
        let rules = ApprovalRules(required: 1, groups: [GroupName("release-managers")])
        let asked = try Self.asked { $0.approvals = rules }.environment
        let held = try #require(asked.status.held)
        #expect(held.hold.causes.first?.releasedBy.contains("members of release-managers") == true)
        func approve(_ groups: Set<GroupName>) throws -> Environment.Decision? {
            try asked.approval(
                of: held.rollOut.deployment,
                by: RollOutActor(name: "eve", role: .developer, groups: groups),
                comment: nil,
                Self.none,
                on: Trial.occasion(2)
            )
        }
        let approvers = ["platform-admin", "tenant-admin", "members of release-managers"]
        #expect(throws: EnvironmentRefusal.mayNotApprove(approvers)) {
            try approve([GroupName("on-call")])
        }
        let done = try approve([GroupName("on-call"), GroupName("release-managers")])
        #expect(done?.job?.kind == .environmentDeploy)
        let faults = Trial.faults {
            _ = try Self.asked { order in
                order.approvals = ApprovalRules(
                    required: 1,
                    groups: [GroupName("a"), GroupName("a")]
                )
            }
        }
        #expect(faults == ["approvals.groups out-of-range"])
    }

    @Test func `a roll-out that needs an approval waits, and leaves alone what runs`() throws {
        let decision = try Self.asked { $0.approvals = Self.approving() }
        let held = try #require(decision.environment.status.held)
        #expect(decision.deployment?.state == .held && decision.job == nil)
        #expect(!decision.givesUpJobs && decision.event.type == .deploymentHeld)
        #expect(decision.environment.status.phase == .ready)
        #expect(decision.environment.status.live?.number == 1)
        #expect(decision.environment.status.coming == nil)
        #expect(held.hold.causes.map(\.kind) == [.approval])
        #expect(held.hold.expiresAt == EnvironmentTimesTests.hour(73))
        // The same push again changes nothing.
        let again = try Self.asked(3, at: 2, on: decision.environment) { _ in }
        #expect(again.deployment == nil && again.job == nil)
        #expect(again.environment.status.held == held)
    }

    @Test func `the last approval that is needed begins it, each person counts once`() throws {
        let asked = try Self.asked { $0.approvals = Self.approving(2, [.developer]) }.environment
        let id = DeploymentID(high: 9, low: 2)
        func approve(
            _ environment: Environment,
            _ who: RollOutActor
        ) throws -> Environment.Decision? {
            try environment.approval(
                of: id,
                by: who,
                comment: "looks good",
                Self.none,
                on: Trial.occasion(2)
            )
        }
        #expect(throws: EnvironmentRefusal.isOwnRollOut) { try approve(asked, Self.ada) }
        let other = RollOutActor(name: "other", token: Self.ada.token, role: .tenantAdmin)
        #expect(throws: EnvironmentRefusal.isOwnRollOut) { try approve(asked, other) }
        let ci = RollOutActor(name: "pipeline", role: .ci)
        #expect(
            throws: EnvironmentRefusal.mayNotApprove([
                "platform-admin", "tenant-admin", "developer",
            ])
        ) {
            try approve(asked, ci)
        }
        let once = try #require(try approve(asked, Self.bob))
        #expect(once.event.type == .deploymentApproved && once.job == nil)
        #expect(once.turn?.state == .held)
        #expect(try approve(once.environment, Self.bob) == nil)
        let dev = RollOutActor(name: "dev", token: TokenID(high: 4, low: 3), role: .developer)
        let twice = try #require(try approve(once.environment, dev))
        #expect(twice.job?.kind == .environmentDeploy)
        #expect(twice.job?.id == asked.status.held?.rollOut.job)
        #expect(twice.turn?.state == .running && twice.turn?.hold.approvals.count == 2)
        #expect(twice.environment.status.held == nil)
        #expect(twice.environment.status.coming?.number == 2)
        #expect(throws: EnvironmentRefusal.isNotHeld) { try approve(twice.environment, dev) }
    }

    @Test func `what nobody approves in time is given up, and asked for again it waits again`()
        throws
    {
        let asked = try Self.asked { $0.approvals = Self.approving() }.environment
        #expect(asked.dueAt(in: Trial.Zones(), at: EnvironmentTimesTests.hour(1)) != nil)
        let given = try #require(asked.passage(in: Trial.Zones(), on: Trial.occasion(73)))
        #expect(given.event.type == .deploymentRejected)
        #expect(given.ends?.state == .cancelled)
        #expect(given.ends?.outcome == "Nobody approved it within 3d.")
        #expect(given.environment.status.phase == .ready)
        let again = try Self.asked(3, at: 74, on: given.environment) { _ in }
        #expect(again.deployment?.number == 3 && again.deployment?.state == .held)
    }

    @Test func `a newer roll-out takes the place of one that is held`() throws {
        let asked = try Self.asked { $0.approvals = Self.approving() }.environment
        let next = try Self.asked(
            3,
            image: "registry.example.com/shop:3",
            at: 2,
            on: asked
        ) { _ in }
        #expect(next.ends?.state == .superseded)
        #expect(next.ends?.deployments == [DeploymentID(high: 9, low: 2)])
        #expect(next.environment.status.held?.rollOut.number == 3)
        #expect(next.environment.status.held?.hold.approvals.isEmpty == true)
        let gone = next.environment.removal(because: .tenant, on: Trial.occasion(3))
        #expect(gone.ends?.deployments == [DeploymentID(high: 9, low: 3)])
    }

    @Test func `a freeze holds until its end, an admin's word ends it before`() throws {
        let window = Freeze.Window(
            from: EnvironmentTimesTests.hour(0.5),
            until: EnvironmentTimesTests.hour(5),
            reason: "holidays"
        )
        let asked = try Self.asked { $0.freeze = Freeze(windows: [window]) }.environment
        let cause = try #require(asked.status.held?.hold.causes.first)
        #expect(cause.kind == .freeze && cause.until == window.until)
        #expect(cause.on == "the freeze to end: holidays")
        #expect(asked.passage(in: Trial.Zones(), on: Trial.occasion(4)) == nil)
        let over = try #require(asked.passage(in: Trial.Zones(), on: Trial.occasion(5)))
        #expect(over.event.type == .deploymentReleased && over.job?.kind == .environmentDeploy)
        let forced = try #require(
            try asked.release(
                of: DeploymentID(high: 9, low: 2),
                by: Self.bob,
                reason: "outage",
                Self.none,
                on: Trial.occasion(2)
            )
        )
        #expect(forced.job != nil && forced.turn?.hold.override?.reason == "outage")
    }

    @Test func `a tenant's freeze is for its types, and may refuse`() throws {
        let hours = ActiveHours(
            timeZone: "UTC",
            days: Set(ActiveHours.Weekday.allCases),
            from: 0,
            to: 1_440
        )
        let always = Freeze(reaction: .refuse, weekly: [.init(hours: hours, reason: "audit")])
        let wide = TenantFreeze(types: [.production], freeze: always)
        #expect(try Self.asked(freeze: wide) { _ in }.deployment?.state == .running)
        let all = TenantFreeze(types: [.ephemeral], freeze: always)
        #expect(throws: EnvironmentRefusal.isFrozen(reason: "audit", until: nil)) {
            try Self.asked(freeze: all) { _ in }
        }
    }

    @Test func `a lock says who, why and until when, and ends by itself`() throws {
        let end = EnvironmentTimesTests.hour(9)
        let locked = try Trial.live().locking(
            by: Self.bob,
            reason: "debugging",
            until: end,
            on: Trial.occasion(1)
        ).environment
        let asked = try Self.asked(at: 2, on: locked) { _ in }.environment
        let cause = try #require(asked.status.held?.hold.causes.first)
        #expect(cause.on == "the lock of bob to end: debugging" && cause.until == end)
        #expect(throws: EnvironmentRefusal.self) {
            try locked.locking(by: Self.ada, reason: "x", until: end, on: Trial.occasion(3))
        }
        let open = try #require(asked.passage(in: Trial.Zones(), on: Trial.occasion(9)))
        #expect(open.event.type == .environmentUnlocked)
        #expect(open.environment.dueAt(in: Trial.Zones(), at: end) == end)
        let begun = try #require(open.environment.passage(in: Trial.Zones(), on: Trial.occasion(9)))
        #expect(begun.job?.kind == .environmentDeploy)
        #expect(throws: EnvironmentRefusal.self) {
            let late = EnvironmentTimesTests.hour(24 * 15)
            _ = try Trial.live().locking(
                by: Self.bob,
                reason: "x",
                until: late,
                on: Trial.occasion(1)
            )
        }
    }

    @Test func `what is held comes back from the store as it was written`() throws {
        let decision = try Self.asked { order in
            order.approvals = Self.approving(2, [.developer])
            order.freeze = Freeze(reaction: .hold, windows: [], weekly: [])
        }
        var writer = JSONWriter(reserving: 1_024)
        decision.environment.status.write(to: &writer)
        let status = try EnvironmentStatus(reading: try JSON.parse(writer.finish()))
        #expect(status == decision.environment.status)
        writer = JSONWriter(reserving: 1_024)
        decision.environment.spec.write(to: &writer)
        let spec = try EnvironmentSpec(reading: try JSON.parse(writer.finish()))
        #expect(spec == decision.environment.spec)
    }

    @Test(arguments: [
        (RolloutStrategy.canary(.init(steps: [])), "rollout.steps out-of-range"),
        (
            .canary(.init(steps: [.init(weight: 50, wait: nil), .init(weight: 50, wait: nil)])),
            "rollout.steps.1.weight out-of-range"
        ),
        (.focused(.init(match: [])), "rollout.match missing"),
        (
            .focused(.init(match: [.init(kind: .cookie, name: "a", value: "b;c")])),
            "rollout.match.0.cookie.value invalid"
        ),
        (
            .canary(
                .init(
                    steps: [.init(weight: 5, wait: nil)],
                    checks: [.init(.prometheus(.init(url: "ftp://x", query: "up", min: 1)))]
                )
            ), "rollout.checks.0.prometheus.url invalid"
        ),
    ])
    func `a strategy that cannot be is refused at its place`(
        strategy: RolloutStrategy,
        fault: String
    ) throws {
        let faults = Trial.faults {
            _ = try Trial.creation(
                Trial.order { order in
                    order.type = .staging
                    order.rollout = strategy
                }
            )
        }
        #expect(faults == ["rollout.strategy not-for-template", fault])
        let review = Trial.faults { _ = try Trial.creation(Trial.order { $0.rollout = strategy }) }
        #expect(review.first == "rollout.strategy not-for-type")
    }

    @Test func `a call that does not speak of the strategy leaves it as it is`() throws {
        var places = Trial.places
        places.templates = [
            EnvironmentTemplatePolicy(
                name: EnvironmentTemplateName("web"),
                types: [.staging],
                images: ["app"],
                splitsTraffic: true
            )
        ]
        let focused = RolloutStrategy.focused(
            .init(match: [.init(kind: .header, name: "x-tester", value: "yes")])
        )
        let order = Trial.order { order in
            order.type = .staging
            order.rollout = focused
        }
        let live = try Trial.finished(try Trial.creation(order, in: places).environment)
        let next = try live.refresh(
            labels: live.labels,
            order: Trial.order(image: "registry.example.com/shop:2"),
            request: Trial.request(2),
            in: places,
            on: Trial.occasion(1)
        )
        #expect(next.environment.spec.rollout == focused)
    }
}
