import JSON
import Kubernetes
import Testing

@Suite(.timeLimit(.minutes(1))) struct AccessRulesTests {
    private static let reviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"

    private static func rules(for resources: [String]) -> KubernetesAnswer {
        .json([
            "kind": "SelfSubjectRulesReview",
            "status": [
                "resourceRules": [
                    [
                        "verbs": ["*"], "apiGroups": ["*"],
                        "resources": .array(resources.map { .string($0) }),
                    ]
                ]
            ],
        ])
    }

    @Test func `what may be applied is remembered for a minute, and asked anew on demand`()
        async throws
    {
        let script = Script { request, count throws(KubernetesFault) in
            guard request.path == Self.reviews else { return nil }
            return Self.rules(for: count == 0 ? [] : ["configmaps"])
        }
        let clock = QuickClock()
        let client = script.client(clock: clock)
        let maps = try await client.resource(for: configMaps)
        for _ in 0..<2 {
            let rights = try await client.rights(in: "ns")
            #expect(!rights.allowsApplying(maps))
        }
        #expect(script.requests(Self.reviews).count == 1)
        let anew = try await client.rights(in: "ns", anew: true)
        let known = try await client.rights(in: "ns")
        #expect(anew.allowsApplying(maps) && known == anew)
        #expect(script.requests(Self.reviews).count == 2)
        clock.pass(.seconds(61))
        _ = try await client.rights(in: "ns")
        #expect(script.requests(Self.reviews).count == 3)
    }

    @Test func `kinds of the whole cluster are never a namespace's to apply`() async throws {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.path == Self.reviews else { return nil }
            return Self.rules(for: ["*"])
        }
        let client = script.client()
        let rights = try await client.rights(in: "ns")
        let resources = try await client.directory().resources
        #expect(resources.contains { !$0.isNamespaced })
        for resource in resources {
            #expect(rights.allowsApplying(resource) == resource.isNamespaced, "\(resource)")
        }
    }

    @Test func `who asks about a namespace gets the answer about that one`() async throws {
        let client = KubernetesClient(transport: SlowReviews())
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                let namespace = number.isMultiple(of: 2) ? "a" : "b"
                group.addTask { try await client.rights(in: namespace).namespace == namespace }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }
}

/// Answers only after others had their turn, so that callers meet.
private struct SlowReviews: KubernetesTransport {
    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        for _ in 0..<20 { await Task.yield() }
        return .json(["status": ["resourceRules": []]])
    }
}
