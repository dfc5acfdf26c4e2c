import EventLoop
import JSON
import Synchronization
import Testing

@testable import Kubernetes

/// A server whose lists and watches a test gives one after the other; the last list stays.
private final class Turns: Sendable {
    enum Turn: Sendable {
        case list(JSON)
        case watch(Pipe)
        case fault(KubernetesFault)
    }

    private let turns: Mutex<[Turn]>
    /// The `resourceVersion` of each watch that was asked for.
    let starts = Mutex<[String]>([])

    init(_ turns: Turn...) {
        self.turns = Mutex(turns)
    }

    init(_ turns: [Turn]) {
        self.turns = Mutex(turns)
    }

    var script: Script {
        Script { request, _ throws(KubernetesFault) in
            guard request.path == path else { return nil }
            let turn = self.turns.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            let start = request.query.first { $0.name == "resourceVersion" }?.value
            if let start { self.starts.withLock { $0.append(start) } }
            switch turn {
            case .list(let json): return .json(json)
            case .watch(let pipe): return pipe.answer
            case .fault(let fault): throw fault
            // Nothing is left to tell: a watch that stays open.
            case nil: return Pipe().answer
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct InformerTests {
    /// Runs an informer beside `body`.
    private static func run(
        _ turns: Turns,
        _ body: (Informer, ChangeFeed) async throws -> Void
    ) async throws {
        let informer = Informer(configMaps, of: turns.script.client(), namespace: "ns")
        let feed = informer.changes()
        let runner = Task { await informer.run() }
        do { try await body(informer, feed) } catch {
            runner.cancel()
            throw error
        }
        runner.cancel()
        await runner.value
    }

    /// The next changes in words: `+a1` for an update to state 1, `-a` for a removal.
    private static func words(_ feed: ChangeFeed, _ count: Int) async throws -> [String] {
        var words: [String] = []
        while words.count < count {
            for change in try await feed.next().changes {
                switch change {
                case .updated(let object): words.append("+\(object.name)\(object.resourceVersion)")
                case .removed(let object): words.append("-\(object.name)")
                }
            }
        }
        return words
    }

    @Test func `an informer tells what is there, then what changes`() async throws {
        let pipe = Pipe()
        let turns = Turns(.list(list([configMap("a", version: 1)], version: 4)), .watch(pipe))
        try await Self.run(turns) { informer, feed in
            let words1 = try await Self.words(feed, 1)
            #expect(words1 == ["+a1"])
            #expect(informer.isSynced && !informer.isMissing)
            #expect(informer.object(key("a"))?.metadata["managedFields"] == nil)
            pipe.write(event("ADDED", configMap("b", version: 5)))
            let words2 = try await Self.words(feed, 1)
            #expect(words2 == ["+b5"])
            pipe.write(event("DELETED", configMap("a", version: 6)))
            let words3 = try await Self.words(feed, 1)
            #expect(words3 == ["-a"])
            #expect(informer.objects(in: "ns").map(\.name) == ["b"])
            #expect(turns.starts.withLock { $0 } == ["4"])
            #expect(informer.statistics.events == 2 && informer.statistics.objects == 1)
        }
    }

    @Test func `what went away while nobody looked is noticed by the next list`() async throws {
        let pipe = Pipe()
        let before = [
            configMap("gone", version: 1), configMap("kept", version: 2),
            configMap("changed", version: 3), configMap("replaced", version: 4, uid: "one"),
        ]
        let after = [
            configMap("kept", version: 2), configMap("changed", version: 8),
            configMap("replaced", version: 9, uid: "two"),
        ]
        let turns = Turns(
            .list(list(before, version: 5)),
            .watch(pipe),
            .list(list(after, version: 9))
        )
        try await Self.run(turns) { informer, feed in
            _ = try await Self.words(feed, 4)
            let gone: JSON = ["kind": "Status", "code": 410, "reason": "Expired"]
            pipe.write(event("ERROR", gone))
            let words = try await Self.words(feed, 4)
            #expect(
                Set(words) == ["-gone", "+changed8", "-replaced", "+replaced9"]
                    && words.count == 4
            )
            #expect(informer.statistics.lists == 2)
            #expect(informer.objects().count == 3)
        }
    }

    @Test func `a watch that ends goes on from the last state, bookmarks included`() async throws {
        let pipes = (Pipe(), Pipe(), Pipe())
        let turns = Turns(
            .list(list([], version: 4)),
            .watch(pipes.0),
            .watch(pipes.1),
            .fault(.unreachable(reason: "away")),
            .watch(pipes.2)
        )
        try await Self.run(turns) { informer, feed in
            pipes.0.write(event("ADDED", configMap("a", version: 7)))
            pipes.0.end()
            let words4 = try await Self.words(feed, 1)
            #expect(words4 == ["+a7"])
            pipes.1.write(
                event("BOOKMARK", ["kind": "ConfigMap", "metadata": ["resourceVersion": "9"]])
            )
            pipes.1.fail(.interrupted(reason: "cut"))
            pipes.2.write(event("MODIFIED", configMap("a", version: 10)))
            let words5 = try await Self.words(feed, 1)
            #expect(words5 == ["+a10"])
            #expect(turns.starts.withLock { $0 } == ["4", "7", "9", "9"])
            #expect(informer.statistics.lists == 1 && informer.statistics.fault == nil)
            #expect(informer.statistics.faults == 2)
        }
    }

    @Test func `a kind that is missing for a moment takes no object with it`() async throws {
        let pipe = Pipe()
        let turns = Turns(
            .list(list([configMap("a", version: 1)], version: 4)),
            .watch(pipe),
            .fault(.noSuchKind(configMaps)),
            .list(list([configMap("a", version: 1), configMap("b", version: 9)], version: 9))
        )
        try await Self.run(turns) { informer, feed in
            let first = try await Self.words(feed, 1)
            pipe.fail(.expired(reason: "old"))
            let second = try await Self.words(feed, 1)
            #expect(first == ["+a1"] && second == ["+b9"])
            #expect(!informer.isMissing)
        }
    }

    @Test func `objects whose kind is removed are gone, and come back with it`() async throws {
        let pipe = Pipe()
        // The waits between these come to 38 seconds.
        let missing = Array(repeating: Turns.Turn.fault(.noSuchKind(configMaps)), count: 8)
        let turns = Turns(
            [.list(list([configMap("a", version: 1)], version: 4)), .watch(pipe)] + missing
                + [.list(list([configMap("a", version: 1, uid: "new")], version: 9))]
        )
        try await Self.run(turns) { informer, feed in
            let words6 = try await Self.words(feed, 1)
            #expect(words6 == ["+a1"])
            pipe.fail(.expired(reason: "old"))
            let words7 = try await Self.words(feed, 2)
            #expect(words7 == ["-a", "+a1"])
            #expect(!informer.isMissing)
        }
    }

    @Test func `a slow reader sees the last state only, and then that it missed some`()
        async throws
    {
        func object(_ name: String, _ version: Int) throws -> KubernetesObject {
            try KubernetesObject(configMap(name, version: version).object ?? JSONObject())
        }
        let all = try [object("a", 3), object("c", 7), object("d", 8)]
        let feed = ChangeFeed(changesMax: 2) { $0.replace(by: all) }
        feed.add([.updated(try object("a", 1))])
        feed.add([.updated(try object("b", 2)), .updated(try object("a", 3))])
        let first = try await feed.next()
        #expect(first.changes.map(\.object.resourceVersion) == ["3", "2"])
        #expect(!first.isIncomplete)
        feed.add(try (0..<3).map { .updated(try object("c\($0)", 1)) })
        let second = try await feed.next()
        #expect(second.changes == all.map { .updated($0) } && second.isIncomplete)
        feed.add([.removed(try object("a", 4))])
        #expect(try await feed.next().changes.count == 1)
    }

    @Test func `whoever waits for changes can give up`() async throws {
        let feed = ChangeFeed(changesMax: 2) { _ in }
        let reader = Task { try await feed.next() }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
    }

    @Test func `waits grow to half a minute and fall back`() {
        var backoff = Backoff()
        let waits = (0..<9).map { _ in backoff.next(1) }
        #expect(waits.first == .milliseconds(800) && waits.last == .seconds(30))
        #expect(waits == waits.sorted())
        #expect(backoff.next(0) == .seconds(15))
        #expect(backoff.next(0, atLeast: .seconds(90)) == .seconds(90))
        backoff.reset()
        #expect(backoff.next(1) == .milliseconds(800))
    }
}
