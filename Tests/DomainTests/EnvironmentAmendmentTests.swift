import JSON
import Testing

@testable import Domain

/// What happens to an environment beside its refreshes: parts changed, work stopped, places shared.
struct EnvironmentAmendmentTests {
    typealias Trial = EnvironmentTrial

    /// The order that says what an environment is, with something changed.
    private func order(
        for environment: Environment,
        _ edit: (inout EnvironmentOrder) -> Void
    ) -> EnvironmentOrder {
        let spec = environment.spec
        var order = EnvironmentOrder(
            type: spec.type,
            template: spec.template,
            placement: spec.placement,
            concurrency: spec.concurrency,
            readiness: spec.readiness,
            paused: spec.paused,
            deleteProtection: spec.deleteProtection,
            rest: spec
        )
        edit(&order)
        return order
    }

    private func amend(
        _ environment: Environment,
        in places: EnvironmentSurroundings = Trial.places,
        at hours: Double = 10,
        _ edit: (inout EnvironmentOrder) -> Void
    ) throws -> Environment.Decision {
        try environment.amendment(
            labels: environment.labels,
            order: order(for: environment, edit),
            request: Trial.request(2),
            in: places,
            on: Trial.occasion(hours)
        )
    }

    @Test func `a part that is changed rolls nothing out and does not put the end off`() throws {
        let before = try Trial.live(Trial.order { $0.deleteProtection = true })
        let after = try amend(before) { $0.deleteProtection = false }
        #expect(after.job == nil && !after.environment.spec.deleteProtection)
        #expect(after.environment.status.expiry == before.status.expiry)
        #expect(after.environment.status.refreshedAt == before.status.refreshedAt)
        let image = EnvironmentImages.Image(name: "app", reference: "shop:2")
        let next = try amend(before) { $0.rest.images = EnvironmentImages([image]) }
        #expect(next.deployment?.number == 2)
        #expect(next.environment.status.refreshedAt == EnvironmentTimesTests.hour(10))
    }

    @Test func `what was wrong before keeps nobody from changing something else`() throws {
        let before = try Trial.live(Trial.order { $0.deleteProtection = true })
        var places = Trial.places
        places.templates = []
        places.clusters = []
        let after = try amend(before, in: places) { $0.deleteProtection = false }
        #expect(!after.environment.spec.deleteProtection)
        let faults = Trial.faults {
            _ = try amend(before, in: places) { $0.rest.lifetime.ttl = .seconds(1) }
        }
        #expect(faults == ["lifetime.ttl out-of-range"])
        let image = EnvironmentImages.Image(name: "app", reference: "shop:2")
        let rolled = Trial.faults {
            _ = try amend(before, in: places) { $0.rest.images = EnvironmentImages([image]) }
        }
        #expect(rolled == ["template unknown", "placement.cluster unknown"])
        #expect(Trial.faults { _ = try amend(before) { $0.type = .staging } } == ["type fixed"])
    }

    @Test func `a job that cannot go on ends its roll-out, and the same order begins another`()
        throws
    {
        let before = try Trial.creation().environment
        let job = try #require(before.status.coming?.job)
        let progress = before.progress(
            by: [.jobStuck(reason: "gave up after 12 attempts")],
            of: job,
            at: EnvironmentTimesTests.hour(1)
        )
        #expect(progress.ended.map(\.state) == [.failed])
        #expect(progress.ended.map(\.detail) == ["gave up after 12 attempts"])
        #expect(progress.environment.status.phase == .failed)
        #expect(progress.environment.status.isInterrupted)
        #expect(progress.events == [.environmentFailed])
        let again = try Trial.refresh(progress.environment, Trial.order())
        #expect(again.deployment?.number == 2)
        #expect(!again.environment.status.isInterrupted)
    }

    @Test(arguments: [StepFact.jobGivenUp, .jobStuck(reason: "no answer")])
    func `sleep whose job has stopped can be asked for again`(_ stop: StepFact) throws {
        let before = try Trial.live()
        let asked = try #require(try before.sleep(on: Trial.occasion(1))).environment
        #expect(try asked.sleep(on: Trial.occasion(2)) == nil)
        let job = try #require(asked.status.job)
        let stopped = asked.progress(by: [stop], of: job, at: EnvironmentTimesTests.hour(2))
        let again = try #require(try stopped.environment.sleep(on: Trial.occasion(3)))
        #expect(again.job?.kind == .environmentUpdate)
        let settled = again.environment.progress(
            by: [.environmentSettled(generation: again.environment.generation)],
            of: Trial.occasion(3).job,
            at: EnvironmentTimesTests.hour(4)
        ).environment
        #expect(settled.status.phase == .asleep && !settled.status.isInterrupted)
        #expect(try settled.sleep(on: Trial.occasion(5)) == nil)
    }

    @Test func `what is woken and not ready in time is degraded, and told once`() throws {
        let asleep = try #require(try Trial.live().sleep(on: Trial.occasion(1))).environment
        let settled = asleep.progress(
            by: [.environmentSettled(generation: 2)],
            of: Trial.occasion(1).job,
            at: EnvironmentTimesTests.hour(2)
        ).environment
        let woken = try #require(try settled.wake(on: Trial.occasion(3))).environment
        let late = woken.progress(
            by: [.environmentSettled(generation: 3, isReady: false)],
            of: Trial.occasion(3).job,
            at: EnvironmentTimesTests.hour(4)
        )
        #expect(late.environment.status.phase == .degraded)
        #expect(late.events == [.environmentDegraded])
    }

    @Test func `promotion wants the same template, no other service, and images that fit`() throws {
        let digest = "@sha256:" + String(repeating: "a", count: 64)
        var source = try Trial.live(
            Trial.order(image: "shop" + digest) { $0.rest.service = ServiceName("shop") }
        )
        source.name = EnvironmentName("staging")
        let target = try Trial.live(Trial.order { $0.rest.service = ServiceName("mail") })
        func faults(_ source: Environment, _ places: EnvironmentSurroundings) -> [String] {
            Trial.faults {
                _ = try target.promotion(
                    from: source,
                    request: Trial.request(2),
                    in: places,
                    on: Trial.occasion(1)
                )
            }
        }
        #expect(faults(source, Trial.places) == ["service not-the-same"])
        source.spec.service = nil
        source.spec.template = EnvironmentTemplateName("other")
        #expect(faults(source, Trial.places) == ["template not-the-same"])
        source.spec.template = target.spec.template
        #expect(faults(source, Trial.places) == [])
        var places = Trial.places
        places.templates[0].images = ["app", "worker"]
        #expect(faults(source, places) == ["images.worker missing"])
        places.templates = []
        #expect(faults(source, places) == ["template unknown"])
    }

    @Test func `a cluster that is a namespace takes one environment`() throws {
        var places = Trial.places
        places.clusters[0].kind = .namespace
        places.occupants = [ClusterName("main"): EnvironmentName("first")]
        let faults = Trial.faults { _ = try Trial.creation(in: places) }
        #expect(faults == ["placement.cluster occupied"])
        places.occupants = [ClusterName("main"): EnvironmentName("pr-7")]
        #expect(Trial.faults { _ = try Trial.creation(in: places) } == [])
    }

    @Test func `a late warning puts the end off by a while, a punctual one does not`() {
        var times = EnvironmentTimes(
            lifetime: EnvironmentLifetime(ttl: .seconds(3_600)),
            createdAt: Trial.start,
            refreshedAt: Trial.start,
            usedAt: Trial.start
        )
        #expect(times.warningAt == EnvironmentTimesTests.hour(0.75))
        times.warnedOf = EnvironmentTimesTests.hour(1)
        times.warnedAt = EnvironmentTimesTests.hour(0.75)
        #expect(times.expiry?.at == EnvironmentTimesTests.hour(1))
        times.warnedAt = EnvironmentTimesTests.hour(5)
        #expect(times.expiry?.at == EnvironmentTimesTests.hour(5.125))
        let next = times.next(in: .utc, at: EnvironmentTimesTests.hour(5))
        #expect(next?.due == .expire && next?.at == EnvironmentTimesTests.hour(5.125))
    }
}
