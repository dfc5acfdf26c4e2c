import JSON
import Testing

@testable import Domain

struct EnvironmentPlanTests {
    typealias Trial = EnvironmentTrial

    private static let digest = "@sha256:" + String(repeating: "ab", count: 32)

    @Test func `the same again only begins its time anew`() throws {
        let environment = try Trial.live()
        let decision = try Trial.refresh(environment, Trial.order(), at: 10)
        let next = decision.environment
        #expect(decision.deployment == nil && decision.job == nil && decision.ends == nil)
        #expect(decision.event.type == .environmentUpdated)
        #expect(next.generation == environment.generation)
        #expect(next.revision == environment.revision + 1)
        #expect(next.status.expiry?.at == EnvironmentTimesTests.hour(82))
        #expect(next.status.live == environment.status.live && next.status.phase == .ready)
    }

    @Test func `a new image is rolled out while the old one stays live`() throws {
        let environment = try Trial.live()
        let decision = try Trial.refresh(environment, Trial.order(image: "shop:2"))
        let status = decision.environment.status
        #expect(status.phase == .deploying && decision.job?.kind == .environmentDeploy)
        #expect(status.live?.number == 1 && status.coming?.number == 2)
        #expect(decision.event.type == .deploymentRequested)
        let change = DeploymentDifference.Change(
            name: "app",
            before: "registry.example.com/shop:1",
            after: "shop:2"
        )
        #expect(decision.deployment?.difference.images == [change])
        #expect(decision.deployment?.difference.base == Trial.request(1).id)
        let done = try Trial.finished(decision.environment, at: 2)
        #expect(done.status.live?.number == 2 && done.status.coming == nil)
        #expect(done.status.phase == .ready && done.status.observedGeneration == 2)
    }

    @Test func `a newer one supersedes everything before it and says by whom`() throws {
        var environment = try Trial.creation().environment
        for number in 2...5 {
            let decision = try Trial.refresh(
                environment,
                Trial.order(image: "shop:\(number)"),
                UInt64(number),
                by: "ann",
                at: Double(number)
            )
            #expect(decision.ends?.deployments == [Trial.request(UInt64(number - 1)).id])
            #expect(decision.ends?.state == .superseded)
            #expect(decision.ends?.outcome == "Superseded by roll-out \(number) of ann.")
            #expect(decision.givesUpJobs)
            environment = decision.environment
        }
        #expect(environment.status.coming?.number == 5 && environment.status.queued.isEmpty)
        let late = environment.progress(
            by: [
                .deploymentEnded(
                    DeploymentOutcome(Trial.request(2).id, .succeeded, detail: "Too late.")
                )
            ],
            of: Trial.occasion(2).job,
            at: EnvironmentTimesTests.hour(9)
        )
        #expect(late.ended.isEmpty && late.environment.status == environment.status)
    }

    @Test func `queued ones wait in order, and no more than may`() throws {
        let queue = { (image: Int) in
            Trial.order(image: "shop:\(image)") { $0.concurrency = .queue }
        }
        var environment = try Trial.creation(queue(1)).environment
        for number in 2...11 {
            let decision = try Trial.refresh(environment, queue(number), UInt64(number))
            #expect(decision.deployment?.state == .queued && decision.ends == nil)
            #expect(!decision.givesUpJobs)
            environment = decision.environment
        }
        #expect(environment.status.queued.count == Environment.queueMax)
        #expect(throws: EnvironmentRefusal.queueIsFull(limit: 10)) {
            _ = try Trial.refresh(environment, queue(12), 12)
        }
        // The same as the newest of them needs no place.
        let same = try Trial.refresh(environment, queue(11), 12)
        #expect(same.deployment == nil)
        environment = try Trial.finished(environment)
        #expect(environment.status.live?.number == 1 && environment.status.coming?.number == 2)
        #expect(environment.status.phase == .deploying && environment.status.queued.count == 9)
        #expect(environment.status.observedGeneration == 0)
    }

    @Test func `reject names the one that is under way`() throws {
        let reject = { (image: Int) in
            Trial.order(image: "shop:\(image)") { $0.concurrency = .reject }
        }
        let environment = try Trial.creation(reject(1)).environment
        let coming = try #require(environment.status.coming)
        #expect(throws: EnvironmentRefusal.isRollingOut(coming)) {
            _ = try Trial.refresh(environment, reject(2))
        }
        #expect(try Trial.refresh(environment, reject(1)).deployment == nil)
        #expect(try Trial.refresh(Trial.finished(environment), reject(2)).deployment != nil)
    }

    @Test func `what failed is tried again by the same order`() throws {
        let failed = try Trial.finished(Trial.creation().environment, .failed)
        #expect(failed.status.phase == .failed && failed.status.live == nil)
        #expect(try Trial.refresh(failed, Trial.order()).deployment?.number == 2)
        let decision = try Trial.refresh(Trial.live(), Trial.order(image: "shop:2"))
        let degraded = try Trial.finished(decision.environment, .failed)
        #expect(degraded.status.phase == .degraded && degraded.status.live?.number == 1)
        #expect(try Trial.refresh(degraded, Trial.order(image: "shop:2"), 3).deployment != nil)
        // What failed may have been delivered: going back is a roll-out too.
        let back = try Trial.refresh(degraded, Trial.order(), 3)
        #expect(back.deployment?.number == 3)
    }

    @Test func `type, template and placement never change`() throws {
        let environment = try Trial.live()
        let faults = Trial.faults {
            let order = Trial.order { order in
                order.type = .staging
                order.placement = .own(.vcluster, className: nil)
            }
            _ = try Trial.refresh(environment, order)
        }
        #expect(faults == ["type fixed", "placement fixed"])
    }

    @Test func `a pause is taken back by whom it was made, not by a pipeline`() throws {
        let environment = try Trial.live()
        let paused = try #require(try environment.pausing(true, on: Trial.occasion(1))).environment
        #expect(paused.spec.paused && paused.generation == 2)
        #expect(throws: EnvironmentRefusal.isPaused) {
            _ = try Trial.refresh(paused, Trial.order(image: "shop:2"))
        }
        #expect(try Trial.refresh(paused, Trial.order()).environment.spec.paused)
        let resumed = Trial.order(image: "shop:2") { $0.paused = false }
        #expect(try Trial.refresh(paused, resumed).deployment != nil)
        #expect(throws: EnvironmentRefusal.isPaused) { _ = try paused.sleep(on: Trial.occasion(2)) }
        #expect(try paused.pausing(true, on: Trial.occasion(2)) == nil)
    }

    @Test func `deletion gives up what is under way, and comes once`() throws {
        let environment = try Trial.creation().environment
        let decision = try #require(try environment.deletion(by: "ann", on: Trial.occasion(1)))
        #expect(decision.ends?.state == .cancelled && decision.givesUpJobs)
        #expect(decision.environment.status.phase == .deleting)
        #expect(decision.environment.status.open.isEmpty)
        #expect(decision.job?.kind == .environmentDelete)
        #expect(try decision.environment.deletion(by: "ann", on: Trial.occasion(2)) == nil)
        #expect(throws: EnvironmentRefusal.isDeleting) {
            _ = try Trial.refresh(decision.environment, Trial.order())
        }
        let safe = try Trial.creation(Trial.order { $0.deleteProtection = true }).environment
        #expect(throws: EnvironmentRefusal.isProtected) {
            _ = try safe.deletion(by: "ann", on: Trial.occasion(1))
        }
        #expect(safe.removal(because: .tenant, on: Trial.occasion(1)).job != nil)
    }

    @Test func `what is locked stays, and what admins guard is deleted by them alone`() throws {
        func delete(_ environment: Environment, governs: Bool) throws -> Environment.Decision? {
            try environment.deletion(by: "ann", governs: governs, on: Trial.occasion(1))
        }
        var guarded = try Trial.live()
        guarded.spec.approvals = ApprovalRules(required: 1)
        #expect(throws: EnvironmentRefusal.isGoverned) { try delete(guarded, governs: false) }
        #expect(try delete(guarded, governs: true) != nil)
        guarded.spec.approvals?.required = 0
        #expect(try delete(guarded, governs: false) != nil)
        let until = EnvironmentTimesTests.hour(2)
        let locked = try Trial.live().locking(
            by: RollOutActor(name: "ada"),
            reason: "INC-42",
            until: until,
            on: Trial.occasion(0)
        ).environment
        let lock = try #require(locked.status.lock)
        #expect(throws: EnvironmentRefusal.isLocked(lock)) { try delete(locked, governs: true) }
        #expect(try locked.deletion(by: "ann", on: Trial.occasion(2)) != nil)
    }

    @Test func `promotion moves exactly the digests that run`() throws {
        var source = try Trial.live(Trial.order(image: "shop" + Self.digest))
        source.name = EnvironmentName("staging")
        let target = try Trial.live()
        let decision = try target.promotion(
            from: source,
            request: Trial.request(2),
            in: Trial.places,
            on: Trial.occasion(1)
        )
        #expect(decision.environment.spec.images == source.status.live?.content.images)
        #expect(
            decision.deployment?.origin
                == .promotion(from: source.name, deployment: Trial.request(1).id)
        )
        #expect(throws: EnvironmentRefusal.isNotPinned(images: ["app"])) {
            _ = try source.promotion(
                from: target,
                request: Trial.request(2),
                in: Trial.places,
                on: Trial.occasion(1)
            )
        }
        let empty = try Trial.creation().environment
        #expect(throws: EnvironmentRefusal.hasNothingLive(empty.name)) {
            _ = try target.promotion(
                from: empty,
                request: Trial.request(2),
                in: Trial.places,
                on: Trial.occasion(1)
            )
        }
    }

    @Test func `a rollback rolls out what a record says`() throws {
        let first = try #require(try Trial.creation().deployment)
        let second = try Trial.finished(
            Trial.refresh(Trial.live(), Trial.order(image: "shop:2")).environment
        )
        let decision = try second.rollback(
            to: first,
            request: Trial.request(3, by: "ann"),
            on: Trial.occasion(3)
        )
        #expect(decision.environment.spec.images == first.content.images)
        #expect(decision.deployment?.origin == .rollback(to: first.id))
        #expect(decision.deployment?.number == 3)
    }
}

struct EnvironmentProgressTests {
    typealias Trial = EnvironmentTrial

    private func progress(_ environment: Environment, _ facts: StepFact...) -> Environment.Progress
    {
        environment.progress(
            by: facts,
            of: Trial.occasion(0).job,
            at: EnvironmentTimesTests.hour(5)
        )
    }

    @Test func `what is seen decides between ready and degraded once something is live`() throws {
        let environment = try Trial.live()
        let failed = SeenReadiness(object: "Deployment/a", state: .failed, reason: "CrashLoop")
        let fine = SeenReadiness(object: "Service/a", state: .ready)
        let seen = EnvironmentObservation(isReady: false, objects: [fine, failed])
        let degraded = progress(environment, .environmentSeen(seen))
        #expect(degraded.environment.status.phase == .degraded)
        #expect(degraded.environment.status.objects == [failed, fine])
        #expect(degraded.events == [.environmentDegraded])
        let again = progress(degraded.environment, .environmentSeen(seen))
        #expect(again.events.isEmpty)
        let ready = progress(
            degraded.environment,
            .environmentSeen(EnvironmentObservation(isReady: true))
        )
        #expect(ready.events == [.environmentReady])
        let coming = try Trial.creation().environment
        #expect(progress(coming, .environmentSeen(seen)).environment.status.phase == .pending)
    }

    @Test func `what runs is watched also while something newer is held or was taken back`()
        throws
    {
        let broken = StepFact.environmentSeen(EnvironmentObservation(isReady: false))
        let fine = StepFact.environmentSeen(EnvironmentObservation(isReady: true))
        let live = try Trial.live()
        let held = try Trial.refresh(
            live,
            Trial.order(image: "shop:2") { $0.approvals = ApprovalRules(required: 1) }
        ).environment
        #expect(held.status.held != nil)
        let next = try Trial.refresh(live, Trial.order(image: "shop:2")).environment
        let id = Trial.request(2).id
        var outcome = DeploymentOutcome(id, .failed, detail: "No.", isRestored: true)
        let restored = progress(next, .deploymentBegun(id), .deploymentEnded(outcome)).environment
        for environment in [held, restored] {
            let degraded = progress(environment, broken)
            #expect(degraded.events == [.environmentDegraded])
            #expect(progress(degraded.environment, fine).events == [.environmentReady])
        }
        // What a failed one has left is not made good by what is seen.
        outcome.isRestored = false
        let failed = progress(next, .deploymentBegun(id), .deploymentEnded(outcome)).environment
        #expect(failed.status.phase == .degraded && failed.status.leftover?.number == 2)
        #expect(progress(failed, fine).environment.status.phase == .degraded)
        let again = try Trial.refresh(failed, Trial.order(image: "shop:3"), 3).environment
        let mended = try Trial.finished(again)
        #expect(mended.status.leftover == nil && mended.status.phase == .ready)
    }

    @Test func `traffic that a roll-out has left split goes back to what is live`() throws {
        var live = try Trial.live()
        live.status.live?.commit = "c0ffee"
        let next = try Trial.refresh(live, Trial.order(image: "shop:2")).environment
        let id = Trial.request(2).id
        let half = RolloutProgress(.watching, step: 1, of: 2, weight: 50)
        let shifting = progress(next, .deploymentBegun(id), .deploymentProgressed(id, half))
            .environment
        #expect(shifting.restoration(on: Trial.occasion(2)) == nil)
        let job = try #require(shifting.status.coming?.job)
        let moment = EnvironmentTimesTests.hour(5)
        let given = shifting.progress(by: [.jobGivenUp], of: job, at: moment).environment
        #expect(given.status.leftover == RollOutLeftover(number: 2, splitsTraffic: true))
        // Not forgotten where the next one comes to no good end before it has any.
        let third = try Trial.refresh(given, Trial.order(image: "shop:3"), 3).environment
        let failed = try Trial.finished(third, .failed)
        #expect(failed.status.leftover == RollOutLeftover(number: 3, splitsTraffic: true))
        let back = try #require(failed.restoration(on: Trial.occasion(6)))
        #expect(back.job?.kind == .environmentUpdate && back.deployment == nil)
        let restored = progress(back.environment, .environmentRestored)
        #expect(restored.environment.status.leftover == nil)
        #expect(restored.events == [.environmentReady])
        #expect(restored.environment.restoration(on: Trial.occasion(7)) == nil)
    }

    @Test func `a job that was given up ends its roll-out, or its deletion`() throws {
        let environment = try Trial.creation().environment
        let given = progress(environment, .jobGivenUp)
        #expect(given.ended.map(\.state) == [.cancelled])
        #expect(given.environment.status.phase == .failed)
        let decision = try #require(try Trial.live().deletion(by: "a", on: Trial.occasion(0)))
        let kept = progress(decision.environment, .jobGivenUp).environment
        #expect(kept.status.phase == .failed && kept.status.ending == nil)
        #expect(kept.status.live == nil && kept.status.url == nil)
        #expect(try Trial.refresh(kept, Trial.order()).deployment != nil)
    }

    @Test func `a roll-out whose work ended without a word ends as the next begins`() throws {
        let queue = { (image: Int) in
            Trial.order(image: "shop:\(image)") { $0.concurrency = .queue }
        }
        let first = try Trial.creation(queue(1)).environment
        let second = try Trial.refresh(first, queue(2)).environment
        let next = progress(second, .deploymentBegun(Trial.request(2).id))
        #expect(next.ended.map(\.state) == [.failed] && next.begun == [Trial.request(2).id])
        #expect(next.environment.status.coming?.number == 2)
        #expect(next.environment.status.queued.isEmpty)
    }

    @Test func `what is put to sleep sleeps once its job says so`() throws {
        let decision = try #require(try Trial.live().sleep(on: Trial.occasion(1)))
        #expect(decision.environment.status.phase == .ready)
        let asleep = progress(decision.environment, .environmentSettled(generation: 2))
        #expect(asleep.environment.status.phase == .asleep)
        #expect(asleep.events == [.environmentAsleep])
        let waking = try #require(try asleep.environment.wake(on: Trial.occasion(2)))
        let awake = progress(waking.environment, .environmentSettled(generation: 3))
        #expect(awake.environment.status.phase == .ready && awake.events == [.environmentReady])
    }
}
