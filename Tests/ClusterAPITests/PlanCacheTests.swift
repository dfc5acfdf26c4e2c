import Contract
import Domain
import TestSupport
import Testing

@testable import ClusterAPI

@Suite struct PlanCacheTests {
    /// Plans that say how many were made.
    private final class Maker {
        let cache = PlanCache()
        private var count = 0

        func number(_ wish: ClusterWish) -> String? {
            let plan = cache.plan(for: wish) { _ in
                count += 1
                var plan = ClusterAPIDriver.Plan()
                plan.pools = ["pool": "\(count)"]
                return plan
            }
            return plan.pools["pool"]
        }
    }

    @Test func `a plan is made once as long as the same is wanted`() throws {
        let maker = Maker()
        var wish = try WishSample.wish(.cluster)
        #expect(maker.number(wish) == "1")
        wish.cluster.status.phase = .ready
        wish.cluster.revision += 1
        wish.cluster.updatedAt = wish.cluster.updatedAt.advanced(by: .seconds(1))
        #expect(maker.number(wish) == "1")
        wish.cluster.spec.paused = true
        #expect(maker.number(wish) == "2")
        wish.workersVersion = "1.33.5"
        #expect(maker.number(wish) == "3")
        wish.template = "another"
        #expect(maker.number(wish) == "4")
        #expect(maker.number(wish) == "4")
    }

    @Test func `what cannot be made is tried again`() throws {
        let cache = PlanCache()
        let wish = try WishSample.wish(.cluster)
        #expect(throws: ProviderFault.self) {
            _ = try cache.plan(for: wish) { _ throws(ProviderFault) in
                throw .refused(reason: "there is no class")
            }
        }
        let plan = cache.plan(for: wish) { _ in
            var plan = ClusterAPIDriver.Plan()
            plan.pools = ["pool": "a"]
            return plan
        }
        #expect(plan.pools == ["pool": "a"])
    }

    @Test func `more clusters than are remembered cost a plan, not an answer`() throws {
        let maker = Maker()
        var wish = try WishSample.wish(.cluster)
        for number in 0..<257 {
            wish.cluster.id = ClusterID(high: 1, low: UInt64(number))
            #expect(maker.number(wish) == "\(number + 1)")
        }
        #expect(maker.number(wish) == "257")
        wish.cluster.id = ClusterID(high: 1, low: 0)
        #expect(maker.number(wish) == "258")
    }
}
