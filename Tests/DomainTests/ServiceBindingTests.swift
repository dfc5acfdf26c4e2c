import JSON
import Testing

@testable import Domain

struct ServiceBindingTests {
    typealias Trial = ServiceTrial

    private func change(
        _ binding: ServiceBinding,
        to spec: BindingSpec,
        at hours: Double = 2
    ) throws(ServiceRefusal) -> ServiceBinding.Decision? {
        let service: ServiceInstance
        do { service = try Trial.live() } catch { throw .isDeleting }
        return try binding.change(
            labels: binding.labels,
            spec: spec,
            in: Trial.surroundings(service),
            on: Trial.occasion(hours)
        )
    }

    @Test func `a new binding gets its first credential`() throws {
        let decision = try Trial.binding()
        #expect(decision.job?.kind == .bindingIssue)
        #expect(decision.binding.status.coming?.number == 1)
        let ready = try Trial.switched(decision.binding)
        #expect(ready.status.phase == .ready && ready.status.current?.number == 1)
        #expect(ready.status.rotatesAt == EnvironmentTimesTests.hour(1 + 30 * 24))
        #expect(ready.dueAt == ready.status.rotatesAt)
        let again = ready.progress(
            by: [.credentialSwitched(1, secret: nil, revision: nil)],
            of: JobID(high: 0, low: 0),
            at: Trial.start
        )
        #expect(again.binding == ready && again.events.isEmpty)
    }

    @Test(arguments: [
        ("a-name-that-is-too-long", BindingSpec(delivery: .answer), "name too-long"),
        (
            "shop", BindingSpec(delivery: .environment(EnvironmentName("gone"))),
            "consumer/environment unknown"
        ),
        (
            "shop", BindingSpec(delivery: .namespace(ClusterName("gone"), "shop")),
            "consumer/cluster unknown"
        ),
        (
            "shop", BindingSpec(delivery: .namespace(ClusterName("main"), "kube-system")),
            "consumer/namespace kept"
        ),
        ("shop", BindingSpec(delivery: .answer, secretName: "x"), "secret conflicting"),
        (
            "shop", BindingSpec(delivery: .answer, rotatesEvery: .seconds(1)),
            "rotation/every too-small"
        ),
        (
            "shop",
            BindingSpec(delivery: .answer, rotatesEvery: .seconds(900), overlap: .seconds(900)),
            "rotation/overlap too-large"
        ),
    ])
    func `a binding that cannot be is refused`(name: String, spec: BindingSpec, fault: String) {
        #expect(Trial.codes { _ = try Trial.binding(named: name, spec) } == [fault])
    }

    @Test func `what cannot be bound is not bound`() throws {
        let offering = Trial.offering(binding: nil)
        #expect(throws: ServiceRefusal.cannotBeBound(offering.name)) {
            try Trial.binding(of: offering)
        }
        let going = try Trial.live().removal(because: .tenant, on: Trial.occasion(2)).service
        #expect(throws: ServiceRefusal.isDeleting) { try Trial.binding(to: going) }
    }

    @Test func `a rotation overlaps: the one before goes when its time is over`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        let rotating = try #require(try ready.rotation(on: Trial.occasion(5)))
        #expect(rotating.binding.status.phase == .rotating)
        #expect(rotating.binding.status.current?.number == 1)
        #expect(try rotating.binding.rotation(on: Trial.occasion(5)) == nil)
        let next = try Trial.switched(rotating.binding, at: 6)
        #expect(next.status.current?.number == 2)
        #expect(next.status.retiring.map(\.number) == [1])
        #expect(next.status.retiring[0].retiresAt == EnvironmentTimesTests.hour(7))
        #expect(next.upkeep(on: Trial.occasion(6.5)) == nil)
        let due = try #require(next.upkeep(on: Trial.occasion(7)))
        #expect(due.job?.kind == .bindingRetire)
        #expect(due.binding.upkeep(on: Trial.occasion(7)) == nil)
        let input = try JSON.parse(try #require(due.job?.input))
        #expect(input["credential"]?["number"]?.int == 1)
        #expect(input["credential"]?["service"]?["plan"]?.string == "small")
        let gone = due.binding.progress(
            by: [.credentialRetired(1)],
            of: JobID(high: 0, low: 0),
            at: Trial.start
        )
        #expect(gone.binding.status.retiring.isEmpty)
        #expect(gone.events.map(\.type) == [.credentialRetired])
    }

    private func waiting(_ reason: String) -> [StepFact] {
        let wait = ClusterWait(on: "Flux", since: Trial.start, until: nil, releasedBy: nil)
        let seen = EnvironmentObservation(isReady: false, waiting: wait)
        return [
            .condition(
                type: "Ready",
                status: .false,
                reason: "Waiting",
                message: reason,
                generation: nil
            ), .bindingSeen(seen),
        ]
    }

    @Test func `work on other credentials does not take away what the consumer has`() throws {
        let begun = try Trial.binding().binding
        let job = JobID(high: 0, low: 0)
        let first = begun.progress(by: waiting("first"), of: job, at: Trial.start).binding
        #expect(first.status.conditions.map(\.message) == ["first"])
        let ready = try Trial.switched(first)
        let rotating = try #require(try ready.rotation(on: Trial.occasion(5))).binding
        let next = try Trial.switched(rotating, at: 6)
        let going = next.progress(by: waiting("old"), of: job, at: Trial.start).binding
        #expect(going.status.conditions == next.status.conditions)
        #expect(going.status.waiting != nil)
        let gone = going.progress(by: [.credentialRetired(1)], of: job, at: Trial.start).binding
        #expect(gone.status.waiting == nil)
    }

    @Test func `a first credential that fails says why, also while it is cleaned up`() throws {
        let job = JobID(high: 0, low: 0)
        let begun = try Trial.binding().binding.progress(
            by: waiting("first") + [.credentialFailed(1, detail: "No room.")],
            of: job,
            at: Trial.start
        ).binding
        let cleaned = begun.progress(by: waiting("old"), of: job, at: Trial.start).binding
        #expect(cleaned.status.phase == .failed)
        #expect(cleaned.status.conditions.map(\.message) == ["No room.", "No room."])
    }

    @Test func `time rotates by itself, but not in a service that is paused`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        let month = Double(1 + 30 * 24)
        #expect(ready.upkeep(on: Trial.occasion(month - 1)) == nil)
        #expect(ready.upkeep(admits: false, on: Trial.occasion(month)) == nil)
        #expect(ready.upkeep(on: Trial.occasion(month))?.job?.kind == .bindingIssue)
    }

    @Test func `a rotation that fails leaves the consumer what it has`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        let rotating = try #require(try ready.rotation(on: Trial.occasion(5))).binding
        let failed = rotating.progress(
            by: [
                .credentialBegun(
                    2,
                    Trial.ordered().terms,
                    CredentialRotation(every: nil, overlap: .seconds(60))
                ),
                .credentialFailed(2, detail: "No room."),
            ],
            of: JobID(high: 1, low: 301),
            at: EnvironmentTimesTests.hour(6)
        )
        #expect(failed.binding.status.phase == .ready)
        #expect(failed.binding.status.current?.number == 1)
        #expect(failed.events.map(\.type) == [.bindingRotationFailed])
        #expect(failed.binding.status.retiring.map(\.number) == [2])
        #expect(failed.binding.dueAt == EnvironmentTimesTests.hour(6))
        #expect(failed.binding.status.rotatesAt == EnvironmentTimesTests.hour(7))
    }

    @Test func `what the consumer has is current, whatever became of its job`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        let rotating = try #require(try ready.rotation(on: Trial.occasion(5))).binding
        let overlap = CredentialRotation(every: nil, overlap: .seconds(3_600))
        let begun: [StepFact] = [.credentialBegun(2, Trial.ordered().terms, overlap)]
        func told(
            _ binding: ServiceBinding,
            _ facts: [StepFact],
            _ hours: Double
        ) throws
            -> ServiceBinding.Progress
        {
            let job = try #require(rotating.status.job)
            return binding.progress(by: facts, of: job, at: EnvironmentTimesTests.hour(hours))
        }
        let dropped = try told(rotating, begun + [.jobGivenUp], 6).binding
        #expect(dropped.status.retiring.map(\.number) == [2])
        let place = SecretPlace(cluster: ClusterName("main"), namespace: "e", name: "db-shop")
        let held = try told(dropped, [.credentialHeld(2, secret: place)], 7)
        #expect(held.events.map(\.type) == [.bindingRotated])
        #expect(held.binding.status.current?.number == 2)
        #expect(held.binding.status.current?.retiresAt == nil)
        #expect(held.binding.status.phase == .ready && !held.binding.status.isInterrupted)
        #expect(held.binding.status.retiring.map(\.number) == [1])
        #expect(held.binding.dueAt == EnvironmentTimesTests.hour(8))
        // Told twice, it is so once; and what is older stays beside it for its overlap alone.
        #expect(try told(held.binding, [.credentialHeld(2, secret: place)], 7).events.isEmpty)
        let back = try told(held.binding, [.credentialHeld(1, secret: place)], 9).binding
        #expect(back.status.current?.number == 2)
        #expect(back.dueAt == EnvironmentTimesTests.hour(10))
    }

    @Test func `other parameters are another credential, and a consumer is never another`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        #expect(try change(ready, to: ready.spec) == nil)
        var read = ready.spec
        read.parameters = ["access": "read"]
        let decision = try #require(try change(ready, to: read))
        #expect(decision.job?.kind == .bindingIssue)
        #expect(decision.binding.status.coming?.parameters == ["access": "read"])
        var moved = ready.spec
        moved.delivery = .answer
        moved.secretName = "other"
        #expect(
            Trial.codes { _ = try change(ready, to: moved) } == ["delivery fixed", "secret fixed"]
        )
        var slower = ready.spec
        slower.rotatesEvery = .seconds(60 * 86_400)
        let timed = try #require(try change(ready, to: slower))
        #expect(timed.job == nil)
        #expect(timed.binding.status.rotatesAt == EnvironmentTimesTests.hour(1 + 60 * 24))
    }

    @Test func `a revocation ends everything and is never due`() throws {
        let ready = try Trial.switched(try Trial.binding().binding)
        let rotating = try #require(try ready.rotation(on: Trial.occasion(5))).binding
        let decision = try #require(rotating.revocation(because: "Told so.", on: Trial.occasion(6)))
        #expect(decision.job?.kind == .bindingRevoke && decision.givesUpJobs)
        #expect(decision.binding.dueAt == nil && decision.binding.status.coming == nil)
        #expect(decision.binding.revocation(because: "", on: Trial.occasion(7)) == nil)
        #expect(throws: ServiceRefusal.isDeleting) {
            try decision.binding.rotation(on: Trial.occasion(7))
        }
        let back = decision.binding.progress(
            by: [.jobGivenUp],
            of: try #require(decision.binding.status.job),
            at: Trial.start
        ).binding
        #expect(back.status.phase == .failed)
        #expect(back.revocation(because: "", on: Trial.occasion(8)) != nil)
    }

    @Test func `a credential is shown once`() throws {
        let made = try Trial.binding(BindingSpec(delivery: .answer)).binding
        #expect(made.showing(on: Trial.occasion(1)) == nil)
        let ready = try Trial.switched(made)
        let shown = try #require(ready.showing(on: Trial.occasion(2)))
        #expect(shown.event.type == .credentialShown)
        #expect(shown.binding.showing(on: Trial.occasion(3)) == nil)
        let next = try Trial.switched(
            try #require(try shown.binding.rotation(on: Trial.occasion(4))).binding
        )
        #expect(next.showing(on: Trial.occasion(5)) != nil)
    }

    @Test func `as many credentials as may wait for their end, and no more`() throws {
        var binding = try Trial.switched(try Trial.binding().binding)
        for turn in 1...ServiceBinding.retiringMax {
            let decision = try #require(try binding.rotation(on: Trial.occasion(Double(turn))))
            binding = try Trial.switched(decision.binding, at: Double(turn))
        }
        let limit = ServiceBinding.retiringMax
        #expect(throws: ServiceRefusal.tooManyCredentials(limit: limit)) {
            try binding.rotation(on: Trial.occasion(20))
        }
    }

    @Test func `what is stored is read as it was written`() throws {
        let spec = BindingSpec(
            parameters: ["access": "read"],
            delivery: .namespace(ClusterName("main"), "shop"),
            carrier: .externalSecrets,
            secretName: "db",
            rotatesEvery: .seconds(7_200),
            overlap: .seconds(60)
        )
        let ready = try Trial.switched(try Trial.binding(spec).binding)
        let rotated = try Trial.switched(
            try #require(try ready.rotation(on: Trial.occasion(4))).binding,
            at: 5
        )
        var written = JSONWriter()
        rotated.spec.write(to: &written)
        #expect(try BindingSpec(reading: try JSON.parse(written.finish())) == spec)
        var status = JSONWriter()
        rotated.status.write(to: &status)
        #expect(try BindingStatus(reading: try JSON.parse(status.finish())) == rotated.status)
    }
}
