import Domain
import EventLoop
import Logging
import Storage
import Synchronization
import Telemetry

extension JobEngine {
    /// Claims as many jobs as there is room for and begins them.
    ///
    /// - Returns: what to do next.
    @discardableResult
    package func claim() async -> ClaimResult {
        let begun = MonotonicTime.now()
        guard let request = request(at: begun) else { return .rest }
        let claim: Claim
        do {
            claim = try await queue.claim(request)
        } catch {
            logger.warning("jobs not claimed", metadata: ["reason": "\(error)"])
            state.withLock { $0.mayHoldUnknown = true }
            return .rest
        }
        guard !claim.isContended else {
            state.withLock { $0.scan.isWanted = true }
            return .contended
        }
        metrics.claimed.increment(by: UInt64(claim.jobs.count))
        let jobs = claim.jobs.compactMap { job in
            workflows[job.kind].map { RunningJob(job, $0) }
        }
        state.withLock { state in
            state.scan.end(claim, from: request.floor, begun: begun, now: .now())
            for job in jobs { state.jobs[job.lease.job] = job }
            state.ready.append(contentsOf: jobs)
        }
        beginReady()
        return claim.mayHaveMore && hasRoom ? .again : .rest
    }

    /// What to do after a claim.
    package enum ClaimResult: Sendable, Equatable {
        /// There may be more, and there is room for it.
        case again
        /// Another worker was claiming; soon it is not.
        case contended
        /// Nothing until somebody says so.
        case rest
    }

    /// Whether more can begin at once.
    var hasRoom: Bool {
        state.withLock { $0.jobs.count < settings.stepsAtOnceMax }
    }

    private func request(at now: MonotonicTime) -> ClaimRequest? {
        state.withLock { state in
            guard let worker = state.worker, !state.isDraining else { return nil }
            let room = state.intake.room(held: state.jobs.count, done: state.done, now: now)
            guard room > 0 else { return nil }
            return ClaimRequest(
                worker: worker,
                kinds: Array(workflows.keys),
                room: room,
                tenantLimit: settings.tenantLimit,
                floor: state.scan.begin(at: now),
                aliveFor: settings.deadAfter
            )
        }
    }

    /// Begins claimed jobs while there are places for running ones.
    func beginReady() {
        while let job = nextReady() {
            // Ends with the job; `drain` waits until all have, or gives them up.
            Task(executorPreference: loop) { await self.drive(job) }
        }
    }

    private func nextReady() -> RunningJob? {
        state.withLock { state in
            guard state.running < settings.stepsAtOnceMax, let job = state.ready.popFirst() else {
                return nil
            }
            state.running += 1
            metrics.held.set(Int64(state.jobs.count))
            return job
        }
    }

    /// Lets another job take the place of one that has run its last step here.
    func freePlace(of job: RunningJob) {
        guard job.leavePlace() else { return }
        state.withLock { $0.running -= 1 }
        beginReady()
    }

    /// Forgets a job that is settled.
    func forget(_ job: RunningJob) {
        freePlace(of: job)
        let waiting = state.withLock { state in
            if state.jobs[job.lease.job] === job { state.jobs[job.lease.job] = nil }
            state.done += 1
            // What comes after it in its lane, or of its tenant, lies behind the floor.
            if job.claimed.tenant != nil || job.claimed.subject.kind != .platform {
                state.scan.isWanted = true
            }
            guard state.jobs.isEmpty else { return [Wakeup<Void, Never>]() }
            defer { state.waitingForQuiet = [] }
            return state.waitingForQuiet
        }
        metrics.held.set(Int64(heldCount))
        for wakeup in waiting { wakeup.resume() }
        signal.raise()
    }

    /// Lets go of leases that the database has and this process does not know of, because the
    /// answer to a claim was lost.
    ///
    /// Never while a claim is under way.
    package func reconcile() async {
        guard let worker = state.withLock({ $0.worker }) else { return }
        do {
            // Known before the look: what ends meanwhile is not unknown.
            let known = state.withLock { Set($0.jobs.values.map(\.lease)) }
            let unknown = try await queue.held(by: worker).filter { !known.contains($0) }
            guard !unknown.isEmpty else { return }
            try await queue.release(unknown)
            logger.warning("unknown leases released", metadata: ["count": "\(unknown.count)"])
            wake()
        } catch {
            logger.warning("leases not compared", metadata: ["reason": "\(error)"])
        }
    }
}
