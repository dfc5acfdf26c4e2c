import JSON
import Testing

@testable import Domain

struct ServiceProgressTests {
    typealias Trial = ServiceTrial

    @Test func `an end that is told twice changes nothing the second time`() throws {
        let pending = try Trial.creation().service
        let facts: [StepFact] = [
            .serviceBegun(1),
            .serviceEnded(
                ServiceOutcome(1, .succeeded, detail: "There.", outputs: ["host": "db"])
            ),
        ]
        let job = try #require(pending.status.job)
        let once = pending.progress(by: facts, of: job, at: Trial.start)
        #expect(once.events.map(\.type) == [.serviceDelivered, .serviceReady])
        #expect(once.service.status.outputs == ["host": "db"])
        let twice = once.service.progress(by: facts, of: job, at: Trial.start)
        #expect(twice.service == once.service && twice.events.isEmpty)
    }

    @Test func `a look turns a service degraded and ready again`() throws {
        let service = try Trial.live()
        let job = JobID(high: 9, low: 9)
        func see(_ isReady: Bool?, _ service: ServiceInstance) -> ServiceInstance.Progress {
            service.progress(
                by: [.serviceSeen(EnvironmentObservation(isReady: isReady))],
                of: job,
                at: Trial.start
            )
        }
        let degraded = see(false, service)
        #expect(degraded.events.map(\.type) == [.serviceDegraded])
        #expect(see(nil, degraded.service).service.status.phase == .degraded)
        #expect(see(true, degraded.service).events.map(\.type) == [.serviceReady])
    }

    @Test func `what a failed change has left is not called ready by a look`() throws {
        let service = try Trial.live()
        let change = try #require(try Trial.change(service, to: Trial.ordered(plan: "large")))
        let failed = try Trial.finished(change.service, .failed)
        #expect(failed.status.phase == .degraded && failed.status.live?.terms.plan == "small")
        let seen = failed.progress(
            by: [.serviceSeen(EnvironmentObservation(isReady: true))],
            of: JobID(high: 9, low: 9),
            at: Trial.start
        )
        #expect(seen.service.status.phase == .degraded)
        let delivered = failed.status.conditions.first { $0.type == ServiceInstance.delivered }
        #expect(delivered?.status == .false && delivered?.message == "Done.")
    }

    @Test func `a job that cannot go on has failed, and the same order begins another`() throws {
        let pending = try Trial.creation().service
        let stuck = pending.progress(
            by: [.jobStuck(reason: "Somebody must act.")],
            of: try #require(pending.status.job),
            at: Trial.start
        )
        #expect(stuck.service.status.phase == .failed && stuck.service.status.isInterrupted)
        #expect(stuck.events.map(\.type) == [.serviceDeliveryFailed, .serviceFailed])
        #expect(try Trial.change(stuck.service, to: Trial.ordered())?.job != nil)
    }
}
