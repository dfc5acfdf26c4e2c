import EventLoop
import JSON
import Synchronization
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func `a server that is too busy is asked again when it says`() async throws {
        let script = Script { request, count throws(KubernetesFault) in
            guard request.path == "\(path)/a" else { return nil }
            let retry = [(name: "retry-after", value: "2")]
            return count < 2
                ? .status(429, "TooManyRequests", "busy", headers: retry)
                : .json(configMap("a", version: 1))
        }
        let clock = QuickClock()
        let object = try await script.client(clock: clock).get(key("a"))
        #expect(object?.resourceVersion == "1")
        #expect(clock.waits == [.milliseconds(2_500), .milliseconds(2_500)])
    }

    @Test func `patience ends before tries do where waits are long`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.path == "\(path)/a" else { return nil }
            return .status(429, "", "", headers: [(name: "retry-after", value: "60")])
        }
        let clock = QuickClock()
        await #expect(throws: KubernetesFault.throttled(retryAfter: .seconds(60))) {
            try await script.client(clock: clock).get(key("a"))
        }
        #expect(clock.waits.isEmpty && script.requests("/a").count == 1)
    }

    @Test(arguments: [KubernetesFault.unreachable(reason: "x"), .interrupted(reason: "x")])
    func `what passes is tried five times`(fault: KubernetesFault) async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.path == "\(path)/a" else { return nil }
            throw fault
        }
        let clock = QuickClock()
        await #expect(throws: fault) { try await script.client(clock: clock).get(key("a")) }
        #expect(script.requests("/a").count == Retries.attemptsMax)
        #expect(clock.waits == [250, 500, 1_000, 2_000].map { .milliseconds($0) })
    }

    @Test func `a lost answer to what would be made twice is the caller's to judge`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.method == "POST" else { return nil }
            throw .interrupted(reason: "cut")
        }
        let object = configMap("a", version: 0).object ?? JSONObject()
        await #expect(throws: KubernetesFault.interrupted(reason: "cut")) {
            try await script.client().create(object)
        }
        #expect(script.requests("/configmaps").count == 1)
    }

    @Test func `an object that is not there is none, and a kind that is not is a fault`()
        async throws
    {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.path == "\(path)/a" else { return nil }
            return .status(
                404,
                "NotFound",
                #"configmaps "a" not found"#,
                details: ["name": "a", "kind": "configmaps"]
            )
        }
        #expect(try await script.client().get(key("a")) == nil)
        let unknown = GroupKind(group: "none.example", kind: "None")
        await #expect(throws: KubernetesFault.noSuchKind(unknown)) {
            try await script.client().get(ObjectKey(unknown, name: "a"))
        }
    }

    @Test func `an object without the namespace that its kind asks for is not asked about`()
        async throws
    {
        let client = Script { _, _ throws(KubernetesFault) in nil }.client()
        let fault = await refusal { try await client.get(ObjectKey(configMaps, name: "a")) }
        guard case .malformed = fault else { return #expect(fault == nil) }
    }

    @Test func `what is applied says who applies it and tolerates nothing`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.method == "PATCH" else { return nil }
            return KubernetesAnswer(
                status: 201,
                headers: [
                    (name: "warning", value: #"299 - "policy/v1beta1 is going away""#),
                    (name: "warning", value: #"299 - "unknown field "a"""#),
                ],
                bytes: configMap("a", version: 7).serialized()
            )
        }
        let written = try await script.client().apply(
            configMap("a", version: 0).object ?? JSONObject(),
            force: true,
            dryRun: true
        )
        #expect(written.isCreated && written.object.resourceVersion == "7")
        #expect(written.warnings == ["policy/v1beta1 is going away", #"unknown field "a""#])
        let request = try #require(script.requests.last)
        #expect(
            request.target
                == "\(path)/a?fieldManager=slipway&fieldValidation=Strict&dryRun=All&force=true"
        )
        #expect(request.headers.contains { $0 == ("content-type", "application/apply-patch+yaml") })
    }

    @Test func `what is applied as JSON is the same as YAML`() {
        let value: JSON = ["a/b": "\u{7F}\u{80}\u{9F}\u{A0}\u{2028}\u{2029}\u{FEFF}\u{1F600}é\n\""]
        let text = String(decoding: ApplyBody.bytes(of: value), as: UTF8.self)
        #expect(
            text == #"{"a/b":"\u007f\u0080\u009f"# + "\u{A0}" + #"\u2028\u2029\ufeff"#
                + "\u{1F600}é" + #"\n\""}"#
        )
    }

    @Test func `names and selectors are encoded where they stand`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            request.path.hasSuffix("configmaps") ? .json(list([], version: 1)) : nil
        }
        _ = try await script.client().list(configMaps, namespace: "n/../s", labels: "a in (b,c)")
        let request = try #require(script.requests.last)
        #expect(request.path == "/api/v1/namespaces/n%2F..%2Fs/configmaps")
        #expect(request.target.hasSuffix("?labelSelector=a%20in%20%28b%2Cc%29&limit=500"))
    }

    @Test func `a deletion names its incarnation, and another one is left alone`() async throws {
        let answers = Mutex<[KubernetesAnswer]>([
            .status(409, "Conflict", "Precondition failed: UID in precondition: a, …"),
            .status(404, "NotFound", "gone", details: ["name": "a", "kind": "configmaps"]),
            .json(["kind": "Status", "apiVersion": "v1", "status": "Success"]),
        ])
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.method == "DELETE" else { return nil }
            return answers.withLock { $0.removeFirst() }
        }
        let client = script.client()
        #expect(try await client.delete(key("a"), uid: "u") == .replaced)
        #expect(try await client.delete(key("a"), uid: "u") == .gone)
        #expect(try await client.delete(key("a"), uid: "u", propagation: .foreground) == .gone)
        let body = String(decoding: script.requests.last?.body ?? [], as: UTF8.self)
        #expect(
            body == #"{"kind":"DeleteOptions","apiVersion":"v1","#
                + #""propagationPolicy":"Foreground","preconditions":{"uid":"u"}}"#
        )
    }

    @Test func `an answer that is none of an API server's is said to be so`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            request.path == "/version"
                ? KubernetesAnswer(status: 200, bytes: Array("<html>".utf8)) : nil
        }
        let fault = await refusal { try await script.client().version() }
        guard case .malformed = fault else { return #expect(fault == nil) }
    }
}
