import Synchronization

/// Serves lanes: things that one process at a time works for, several at once and each alone.
///
/// What a lane is, and who has it, is the caller's to say: `claim` takes lanes that have something
/// to do, `serve` does it and lets go.
package final class LaneRunner<Lane: Sendable>: Sendable {
    private let lanesMax: Int
    private let lookEvery: Duration
    private let signal = ChangeSignal()
    private let count = Atomic(0)

    /// Serves up to `lanesMax` lanes at once, and looks for more every `lookEvery` when nobody says
    /// that there are some.
    package init(lanesMax: Int, lookEvery: Duration) {
        self.lanesMax = lanesMax
        self.lookEvery = lookEvery
    }

    /// Says that there may be something to do.
    package func wake() { signal.ring() }

    /// Lanes that are served right now.
    package var busy: Int { count.load(ordering: .relaxed) }

    /// Serves until the task is cancelled, and ends what is under way.
    package func run(
        claim: (Int) async -> [Lane],
        serve: @escaping @Sendable (Lane) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let generation = signal.generation
                let room = lanesMax - busy
                let lanes = room > 0 ? await claim(room) : []
                for lane in lanes {
                    count.add(1, ordering: .relaxed)
                    group.addTask { [self] in
                        await serve(lane)
                        count.subtract(1, ordering: .relaxed)
                        wake()
                    }
                }
                if !lanes.isEmpty, lanes.count == room { continue }
                await signal.wait(since: generation, upTo: lookEvery)
            }
        }
    }

    /// Serves what has something to do right now, once around.
    ///
    /// - Returns: how many lanes that were.
    package func turn(
        claim: (Int) async -> [Lane],
        serve: @escaping @Sendable (Lane) async -> Void
    ) async -> Int {
        let lanes = await claim(lanesMax)
        await withDiscardingTaskGroup { group in
            for lane in lanes { group.addTask { await serve(lane) } }
        }
        return lanes.count
    }
}
