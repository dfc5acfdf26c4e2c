import EventLoop
import SandboxSupport
import Synchronization
import Testing

@testable import Sandbox

extension SandboxTests {
    /// Writes of one cluster that come while another is under way.
    struct WriterTests {
        /// A change of an object of that name; its uid is its name.
        private static func write(
            _ name: String,
            _ change: SandboxWrite.Change,
            body: String = "{}"
        ) -> SandboxWrite {
            SandboxWrite(
                change,
                key: SandboxKey(SandboxKind("ConfigMap"), "shop", name),
                uid: name,
                owners: [],
                body: Array(body.utf8)
            )
        }

        /// What is written together, and a door that is shut until somebody opens it.
        private final class Log: Sendable {
            private struct State {
                var groups: [[String]] = []
                var isOpen = false
                var waiting: Wakeup<Void, Never>?
            }

            private let state = Mutex(State())
            var groups: [[String]] { state.withLock { $0.groups } }

            func pass(_ writes: [SandboxWrite]) async {
                await Wakeup<Void, Never>.wait { wakeup in
                    let isOpen = state.withLock { state in
                        state.groups.append(writes.map(\.key.name))
                        if !state.isOpen { state.waiting = wakeup }
                        return state.isOpen
                    }
                    if isOpen { wakeup.resume() }
                }
            }

            func open() {
                let waiting = state.withLock { state in
                    state.isOpen = true
                    return state.waiting
                }
                waiting?.resume()
            }
        }

        /// Sends the writes one after the other while the first is held back; what became of each.
        ///
        /// `outage`: ends the group that has a write of this name.
        private static func send(
            _ writes: [SandboxWrite],
            outage: String? = nil
        ) async throws -> (results: [Result<SandboxWritten, SandboxOutage>], groups: [[String]]) {
            let group = try EventLoopGroup(count: 1)
            group.start()
            defer { group.stop() }
            let log = Log()
            let records = MemorySandbox(beforeWrite: { writes throws(SandboxOutage) in
                await log.pass(writes)
                if writes.contains(where: { $0.key.name == outage }) { throw SandboxOutage("away") }
            })
            _ = try await records.makeCluster("c")
            let writer = SandboxWriter(records)
            typealias Place = (place: Int, result: Result<SandboxWritten, SandboxOutage>)?
            return await withTaskExecutorPreference(group.loops[0]) {
                await withTaskGroup(of: Place.self) { tasks in
                    for (place, write) in writes.enumerated() {
                        tasks.addTask {
                            do throws(SandboxOutage) {
                                return (place, .success(try await writer.write(write, in: "c")))
                            } catch {
                                return (place, .failure(error))
                            }
                        }
                    }
                    // The loop takes tasks in turn: by now all the others stand in line.
                    tasks.addTask {
                        log.open()
                        return nil
                    }
                    var results: [Int: Result<SandboxWritten, SandboxOutage>] = [:]
                    for await case (let place, let result)? in tasks { results[place] = result }
                    return (writes.indices.compactMap { results[$0] }, log.groups)
                }
            }
        }

        @Test func `what waits is written together, in the order in which it came`() async throws {
            let names = (0..<250).map { "m\($0)" }
            let (results, groups) = try await Self.send(names.map { Self.write($0, .create) })
            #expect(groups.flatMap(\.self) == names)
            #expect(groups.map(\.count) == [1, 100, 100, 49])
            #expect(results == (1...250).map { .success(.at($0)) })
        }

        @Test func `a write that fails is told so, and the others of its group are written`()
            async throws
        {
            let (results, groups) = try await Self.send([
                Self.write("a", .create), Self.write("b", .create), Self.write("a", .create),
                Self.write("b", .replace(expected: 7)), Self.write("b", .replace(expected: 2)),
                Self.write("gone", .remove(expected: 1)), Self.write("b", .remove(expected: 3)),
            ])
            #expect(groups.map(\.count) == [1, 6])
            #expect(
                results.map { try? $0.get() } == [  // There is no outage here.
                    .at(1), .at(2), .conflict, .conflict, .at(3), .conflict, .at(4),
                ]
            )
        }

        @Test func `an outage ends a group, and the next one is tried`() async throws {
            let (results, groups) = try await Self.send(
                ((0..<102).map { "m\($0)" }).map { Self.write($0, .create) },
                outage: "m5"
            )
            #expect(groups.map(\.count) == [1, 100, 1])
            #expect(results.first == .success(.at(1)) && results.last == .success(.at(2)))
            #expect(results[1...100].allSatisfy { $0 == .failure(SandboxOutage("away")) })
        }

        @Test(arguments: Keeping.allCases)
        func `what cannot be kept does not keep others from it`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let records = stage.server.records
                let head = try #require(try await records.head(of: SandboxServer.management))
                // PostgreSQL refuses what is no JSON; a test's memory takes everything.
                let broken = Self.write("broken", .create, body: "{")
                let written = try await records.write(
                    [
                        Self.write("a", .create), broken, Self.write("a", .create),
                        Self.write("b", .create), Self.write("b", .remove(expected: 1)),
                    ],
                    in: SandboxServer.management
                )
                let revisions = written.compactMap { written in
                    if case .at(let revision) = written { revision } else { nil }
                }
                #expect(revisions == revisions.sorted())
                #expect(revisions.allSatisfy { $0 > head.revision })
                #expect(revisions.count == (keeping == .postgres ? 2 : 3))
                #expect(written[2] == .conflict && written[4] == .conflict)
                if keeping == .postgres {
                    let isRefused = if case .refused = written[1] { true } else { false }
                    #expect(isRefused)
                }
                for name in ["a", "b"] {
                    let key = SandboxKey(SandboxKind("ConfigMap"), "shop", name)
                    #expect(try await records.read(key, in: SandboxServer.management) != nil)
                }
            }
        }
    }
}
