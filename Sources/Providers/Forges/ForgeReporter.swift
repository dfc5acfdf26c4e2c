package import Domain
import EventLoop
package import Logging
package import Outbound
package import Secrets

/// Tells forges how environments stand: one call at a time to each, several forges at once.
///
/// Goes by what is, not by what happened: a forge that was away is told the latest state, once.
/// Nothing that a forge does comes back to an environment.
package final class ForgeReporter: Sendable {
    /// Forges that one process talks to at once: one that hangs holds one of them.
    package static let lanesMax = 8
    /// Pull requests and branches of one forge before others have their turn.
    private static let casesPerTurn = 100
    /// How often is looked for what is to be told when nobody says that something is.
    private static let lookEvery = Duration.seconds(2)

    /// What became of telling a forge of one pull request or branch.
    package enum Outcome: String, Sendable, CaseIterable {
        case told, refused, unanswered
    }

    private let records: any ForgeRecords
    private let outbound: OutboundClient
    private let sealer: Sealer
    private let clock: @Sendable () -> Instant
    private let report: @Sendable (Outcome) -> Void
    private let log: Logger
    private let lanes = LaneRunner<ForgeLane>(lanesMax: lanesMax, lookEvery: lookEvery)

    /// A reporter; `report` is told of each outcome.
    package init(
        records: any ForgeRecords,
        through outbound: OutboundClient,
        sealer: Sealer,
        clock: @escaping @Sendable () -> Instant,
        log: Logger,
        report: @escaping @Sendable (Outcome) -> Void
    ) {
        self.records = records
        self.outbound = outbound
        self.sealer = sealer
        self.clock = clock
        self.log = log
        self.report = report
    }

    /// Says that there may be something to tell.
    package func wake() { lanes.wake() }

    /// Forges that this process talks to right now.
    package var lanesBusy: Int { lanes.busy }

    /// Reports until the task is cancelled.
    package func run() async {
        await lanes.run(claim: claim, serve: { [self] in await serve($0) })
        await outbound.close()
    }

    /// Tells what is to be told right now, once around.
    ///
    /// - Returns: how many forges had something to do.
    package func turn() async -> Int {
        await lanes.turn(claim: claim, serve: { [self] in await serve($0) })
    }

    private func claim(_ room: Int) async -> [ForgeLane] {
        do throws(ForgeOutage) {
            return try await records.claim(room, at: clock())
        } catch {
            log.debug("no forges were claimed", metadata: ["reason": "\(error)"])
            return []
        }
    }

    private func serve(_ lane: ForgeLane) async {
        do throws(ForgeOutage) {
            let pause = try await work(lane)
            try await records.release(lane, pausing: pause, at: clock())
        } catch {
            // The lease lapses, and another turn finds everything as it was.
            log.debug(
                "a forge was left",
                metadata: ["forge": "\(lane.forge)", "reason": "\(error)"]
            )
        }
    }

    /// - Returns: how long the forge is to be left alone; nil where it answered.
    private func work(_ lane: ForgeLane) async throws(ForgeOutage) -> Duration? {
        guard let client = client(of: lane) else {
            let words = "The token does not open with this server's key; send it again."
            try await records.record(check: .failed, words, lane, at: clock())
            return ForgeLane.refusedPause
        }
        if lane.isCheckDue, let pause = try await check(lane, client) { return pause }
        for _ in 0..<Self.casesPerTurn where !Task.isCancelled {
            guard let next = try await records.next(lane, at: clock()) else { return nil }
            let telling = await Telling(client: client, lane: lane).tell(next)
            if let outcome = telling.outcome { report(outcome) }
            let isHeld = try await records.record(
                telling.told,
                isWhole: telling.isWhole,
                fault: telling.fault,
                lane,
                at: clock()
            )
            if let pause = telling.pause { return pause }
            guard isHeld, !telling.isGivenUp else { return nil }
        }
        return nil
    }

    private func check(
        _ lane: ForgeLane,
        _ client: ForgeClient
    ) async throws(ForgeOutage) -> Duration? {
        do throws(ForgeFault) {
            let refusal = try await client.check()
            let words = refusal ?? "The forge answers and takes the token."
            try await keep(refusal == nil ? .ready : .failed, words, lane)
            return nil
        } catch {
            if case .refused(let reason, _) = error {
                let words = "The forge refuses: \(reason)."
                try await records.record(check: .failed, words, lane, at: clock())
            }
            guard case .away(let reason, let asked) = error else { return nil }
            log.info(
                "a forge is away",
                metadata: ["forge": "\(lane.forge)", "reason": "\(reason)"]
            )
            try await records.record(
                check: .failed,
                "The forge cannot be reached: \(reason).",
                lane,
                at: clock()
            )
            return lane.pause(asked: asked)
        }
    }

    /// An outage of the records is found again by the next step.
    private func keep(
        _ phase: ForgeStatus.Phase,
        _ words: String,
        _ lane: ForgeLane
    ) async throws(ForgeFault) {
        do throws(ForgeOutage) {
            try await records.record(check: phase, words, lane, at: clock())
        } catch {
            throw .cancelled
        }
    }

    private func client(of lane: ForgeLane) -> ForgeClient? {
        do throws(SealFault) {
            let token = try sealer.open(
                SealedSecret(parsing: lane.token),
                context: lane.forge.tokenContext
            )
            return ForgeClient(
                lane.kind,
                at: lane.url,
                token: token,
                through: outbound,
                clock: clock
            )
        } catch {
            return nil
        }
    }
}
