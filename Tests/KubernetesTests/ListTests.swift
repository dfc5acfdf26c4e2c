import JSON
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct ListTests {
    private static func token(_ request: KubernetesRequest) -> String? {
        request.query.first { $0.name == "continue" }?.value
    }

    @Test func `pages are put together, and only their token says whether there are more`()
        async throws
    {
        let script = Script { request, _ throws(KubernetesFault) in
            guard request.path == path else { return nil }
            return switch Self.token(request) {
            case nil: .json(list([configMap("a", version: 1)], version: 9, continue: "t/1"))
            case "t/1": .json(list([], version: 9, continue: "t2"))
            default: .json(list([configMap("b", version: 2)], version: 9))
            }
        }
        let all = try await script.client().list(configMaps, namespace: "ns", labels: "x=y")
        #expect(all.items.map(\.name) == ["a", "b"] && all.resourceVersion == "9")
        let pages = script.requests("/configmaps")
        #expect(pages.count == 3 && pages.allSatisfy { $0.lane == .bulk })
        #expect(pages.allSatisfy { $0.target.contains("labelSelector=x%3Dy&limit=500") })
        #expect(pages[1].target.hasSuffix("&continue=t%2F1"))
    }

    @Test func `a list whose state was dropped on the way begins anew`() async throws {
        let script = Script { request, count throws(KubernetesFault) in
            guard request.path == path else { return nil }
            switch count {
            case 0: return .json(list([configMap("old", version: 1)], version: 9, continue: "t"))
            case 1: return .status(410, "Expired", "too old")
            default: return .json(list([configMap("new", version: 2)], version: 10))
            }
        }
        let all = try await script.client().list(configMaps, namespace: "ns")
        #expect(all.items.map(\.name) == ["new"] && all.resourceVersion == "10")
    }

    @Test func `a list that never ends is given up`() async throws {
        var limits = ClientLimits()
        limits.pagesMax = 3
        let script = Script { request, _ throws(KubernetesFault) in
            request.path == path ? .json(list([], version: 9, continue: "again")) : nil
        }
        let fault = await refusal {
            try await script.client(limits: limits).list(configMaps, namespace: "ns")
        }
        guard case .tooLarge = fault else { return #expect(fault == nil) }
        let expiring = Script { request, _ throws(KubernetesFault) in
            request.path == path ? .status(410, "Expired", "too old") : nil
        }
        let expired = await refusal {
            try await expiring.client().list(configMaps, namespace: "ns")
        }
        #expect(expired == .expired(reason: "too old"))
        #expect(expiring.requests("/configmaps").count == 4)
    }

    @Test func `items without a kind are of the kind that was asked for`() async throws {
        var bare = configMap("a", version: 1).object ?? JSONObject()
        bare["kind"] = nil
        bare["apiVersion"] = nil
        let item = JSON.object(bare)
        let script = Script { request, _ throws(KubernetesFault) in
            request.path == path ? .json(list([item], version: 1)) : nil
        }
        let all = try await script.client().list(configMaps, namespace: "ns")
        #expect(all.items.first?.key == key("a") && all.items.first?.version == "v1")
        #expect(all.items.first?.json["kind"] == "ConfigMap")
    }
}
