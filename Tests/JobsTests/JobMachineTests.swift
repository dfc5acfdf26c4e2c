import Contract
import Domain
import JSON
import Jobs
import Storage
import Testing

struct JobMachineTests {
    private func machine(
        done: Set<String> = [],
        attempt: Int = 1,
        crashes: Int = 0,
        attemptsMax: Int = 3
    ) -> JobMachine {
        var policy = RetryPolicy()
        policy.attemptsMax = attemptsMax
        return JobMachine(
            steps: ["one", "two"],
            done: done,
            attempt: attempt,
            crashes: crashes,
            policy: policy
        )
    }

    private let nothing = JSONObject()

    @Test func `steps run in order, each recorded before the next`() {
        var job = machine()
        #expect(job.received(.claimed) == .run(step: "one", attempt: 1))
        #expect(
            job.received(.ended(.outcome(.done), jitter: 0))
                == .record(.advanced(findings: nothing, next: "two"), step: "one", facts: [])
        )
        #expect(job.received(.recorded(wantsCancel: false)) == .run(step: "two", attempt: 1))
        #expect(
            job.received(.ended(.outcome(.done), jitter: 0))
                == .record(.completed(findings: nothing), step: "two", facts: [])
        )
        #expect(job.received(.recorded(wantsCancel: false)) == .leave(.settled))
    }

    @Test func `a step that is done is not run again`() {
        var job = machine(done: ["one"], attempt: 2)
        #expect(job.received(.claimed) == .run(step: "two", attempt: 2))
    }

    @Test func `a failure in passing is tried again, later each time`() {
        var delays: [Duration] = []
        for attempt in 1...2 {
            var job = machine(attempt: attempt)
            _ = job.received(.claimed)
            let end = JobMachine.StepEnd.outcome(.transient(retryAfter: nil, reason: "no route"))
            guard
                case .record(.retry(let delay, "no route"), "one", _) =
                    job.received(.ended(end, jitter: 1))
            else {
                Issue.record("not recorded as to be tried again")
                return
            }
            delays.append(delay)
            #expect(job.received(.recorded(wantsCancel: false)) == .leave(.settled))
        }
        #expect(delays == [.seconds(1), .seconds(2)])
    }

    @Test func `a step that keeps ending its process is not run again`() {
        var job = machine(crashes: 9)
        #expect(job.received(.claimed) == .run(step: "one", attempt: 1))
        job = machine(crashes: 10)
        guard case .record(.stall(let reason), "one", _) = job.received(.claimed) else {
            Issue.record("not recorded as stalled")
            return
        }
        #expect(reason.contains("ended 10 times"))
    }

    @Test func `after the last attempt a person is asked`() {
        var job = machine(attempt: 3)
        _ = job.received(.claimed)
        let end = JobMachine.StepEnd.fault(.transient(reason: "no route"))
        #expect(
            job.received(.ended(end, jitter: 0))
                == .record(
                    .stall(reason: "gave up after 3 attempts: no route"),
                    step: "one",
                    facts: []
                )
        )
    }

    @Test func `waiting says on what and who can release it`() {
        var job = machine()
        _ = job.received(.claimed)
        let wait = Outcome.waiting(
            Wait(on: "rain", releasedBy: "a cloud"),
            recheckAfter: .seconds(5)
        )
        #expect(
            job.received(.ended(.outcome(wait), jitter: 0))
                == .record(
                    .wait(on: "rain", releasedBy: "a cloud", recheckAfter: .seconds(5)),
                    step: "one",
                    facts: []
                )
        )
    }

    @Test func `a request to end is seen at the end of the step`() {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(.ended(.outcome(.done), jitter: 0))
        #expect(
            job.received(.recorded(wantsCancel: true)) == .record(.cancel, step: "two", facts: [])
        )
        #expect(job.received(.recorded(wantsCancel: false)) == .leave(.settled))
    }

    @Test func `a job that is postponed and unwanted is ended by whoever sweeps`() {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(.ended(.outcome(.stalled(reason: "x")), jitter: 0))
        #expect(job.received(.recorded(wantsCancel: true)) == .leave(.unwanted))
    }

    @Test func `the last step done in spite of a request completes the job`() {
        var job = machine(done: ["one"])
        _ = job.received(.claimed)
        _ = job.received(.cancel)
        #expect(
            job.received(.ended(.outcome(.done), jitter: 0))
                == .record(.completed(findings: nothing), step: "two", facts: [])
        )
        #expect(job.received(.recorded(wantsCancel: true)) == .leave(.settled))
    }

    @Test func `a draining worker hands back between steps`() {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(.drain)
        _ = job.received(.ended(.outcome(.done), jitter: 0))
        #expect(
            job.received(.recorded(wantsCancel: false))
                == .record(.handBack, step: "two", facts: [])
        )
    }

    @Test(arguments: [
        (JobMachine.Signal.drain, StepResult.handBack), (.cancel, .cancel),
    ])
    func `a step stopped on request is no failure`(
        _ wish: JobMachine.Signal,
        _ result: StepResult
    ) {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(wish)
        #expect(
            job.received(.ended(.fault(.cancelled), jitter: 0))
                == .record(result, step: "one", facts: [])
        )
    }

    @Test func `a refused result ends the matter here`() {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(.ended(.outcome(.done), jitter: 0))
        #expect(job.received(.refused) == .leave(.lost))
        #expect(job.received(.drain) == .wait)
    }

    @Test func `a result that cannot be stored stalls the job`() {
        var job = machine()
        _ = job.received(.claimed)
        _ = job.received(.ended(.outcome(.done), jitter: 0))
        #expect(
            job.received(.unrecordable(reason: "no"))
                == .record(.stall(reason: "no"), step: "one", facts: [])
        )
    }

    @Test func `what a step found out travels with its result`() {
        var job = machine()
        _ = job.received(.claimed)
        let facts: [StepFact] = [.tenantPhase(.ready)]
        let end = JobMachine.StepEnd.outcome(.done(Evidence(facts: facts)))
        #expect(
            job.received(.ended(end, jitter: 0))
                == .record(.advanced(findings: nothing, next: "two"), step: "one", facts: facts)
        )
    }
}
