import EventLoop
import JSON
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
    private static let events =
        event("ADDED", configMap("a", version: 1, ["k": #"}{"\"#]))
        + " \r\n\t"
        + event("MODIFIED", configMap("a", version: 2, ["k": "[ü\u{1F600}]"]))
        + event("BOOKMARK", ["kind": "ConfigMap", "metadata": ["resourceVersion": "5"]])
        + event("DELETED", configMap("a", version: 6))

    /// All objects of a stream that comes in these pieces.
    private static func objects(_ pieces: [[UInt8]]) throws -> [[UInt8]] {
        var stream = JSONStream(objectBytesMax: 1 << 20)
        var objects: [[UInt8]] = []
        for piece in pieces {
            stream.received(piece)
            while let object = try stream.next() { objects.append(object) }
        }
        #expect(stream.isBetweenObjects)
        return objects
    }

    @Test func `a stream is taken apart alike wherever the network cut it`() throws {
        let bytes = Array(Self.events.utf8)
        let whole = try Self.objects([bytes])
        #expect(whole.count == 4)
        #expect(try Self.objects(bytes.map { [$0] }) == whole)
        for cut in bytes.indices {
            #expect(try Self.objects([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
        }
    }

    @Test(arguments: ["x", "[]", "}", "1", #"{"a":1]"#, #"{}{}]"#, "\u{0}"])
    func `what is no object ends the stream`(text: String) {
        var stream = JSONStream(objectBytesMax: 1 << 20)
        stream.received(Array(text.utf8))
        var fault: KubernetesFault?
        do throws(KubernetesFault) { while try stream.next() != nil {} } catch { fault = error }
        guard case .malformed = fault else { return #expect(fault == nil) }
    }

    @Test func `an object may be as large as said and no larger`() throws {
        var stream = JSONStream(objectBytesMax: 10)
        stream.received(Array(#"{"a":1234}{"a":12345"#.utf8))
        #expect(try stream.next()?.count == 10)
        #expect(try stream.next() == nil)
        stream.received(Array("6".utf8))
        #expect(throws: KubernetesFault.tooLarge(reason: "an object has more than 10 bytes")) {
            try stream.next()
        }
    }

    private static func watch(_ text: String) async throws(KubernetesFault) -> Watch {
        let script = Script { request, _ throws(KubernetesFault) in
            request.path == path ? KubernetesAnswer(status: 200, bytes: Array(text.utf8)) : nil
        }
        let watch = try await script.client().watch(configMaps, namespace: "ns", from: "1")
        let target = script.requests.last?.target ?? ""
        #expect(
            target.hasSuffix(
                "?watch=1&resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=450"
            )
        )
        #expect(script.requests.last?.lane == .watch)
        return watch
    }

    @Test func `events come in their order, and the end is no fault`() async throws {
        let watch = try await Self.watch(Self.events + #"{"type":"ADDED","#)
        var versions: [String] = []
        while let event = try await watch.next() { versions.append(event.resourceVersion) }
        #expect(versions == ["1", "2", "5", "6"])
    }

    @Test func `a state that is too old is told in the stream or before it`() async throws {
        let gone: JSON = ["kind": "Status", "code": 410, "reason": "Expired", "message": "old"]
        let watch = try await Self.watch(event("ERROR", gone))
        await #expect(throws: KubernetesFault.expired(reason: "old")) { try await watch.next() }
        let script = Script { request, _ throws(KubernetesFault) in
            request.path == path ? .status(410, "Expired", "old") : nil
        }
        await #expect(throws: KubernetesFault.expired(reason: "old")) {
            try await script.client().watch(configMaps, namespace: "ns", from: "1")
        }
    }

    @Test(arguments: [
        #"{"type":"NONE","object":{}}"#, #"{"type":"ADDED"}"#, #"{"type":"BOOKMARK","object":{}}"#,
        #"{"type":"ADDED","object":{"metadata":{}}}"#, #"{"type":01}"#,
    ])
    func `an event that is none ends the watch`(text: String) async throws {
        let watch = try await Self.watch(text)
        let fault = await refusal { try await watch.next() }
        guard case .malformed = fault else { return #expect(fault == nil) }
    }
}
