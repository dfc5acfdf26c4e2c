import Domain
import JSON
import TestSupport
import Testing
import VCluster

@Suite struct VClusterSleepTests {
    private func plane(_ replicas: Int, annotations: JSON = [:], there: Int = 0) -> JSONObject {
        let json: JSON = [
            "metadata": ["annotations": annotations], "spec": ["replicas": .integer(replicas)],
            "status": ["replicas": .integer(there), "readyReplicas": .integer(there)],
        ]
        return json.object ?? JSONObject()
    }

    @Test func `sleeping keeps the number of replicas, waking restores it`() throws {
        let sleep = VClusterSleep(of: try WishSample.wish(.vcluster))
        let down = try #require(sleep.sleeping(plane(3), at: WishSample.moment))
        #expect(down["spec"]?["replicas"] == 0)
        let annotations = try #require(down["metadata"]?["annotations"])
        #expect(annotations["loft.sh/paused-replicas"]?.string == "3")
        let up = try #require(sleep.waking(plane(0, annotations: annotations)))
        #expect(up["spec"]?["replicas"] == 3)
        #expect(up["metadata"]?["annotations"]?["loft.sh/paused"]?.isNull == true)
    }

    @Test func `both are done once`() throws {
        let sleep = VClusterSleep(of: try WishSample.wish(.vcluster))
        #expect(sleep.sleeping(plane(0), at: WishSample.moment) == nil)
        #expect(sleep.waking(plane(1)) == nil)
    }

    @Test(arguments: ["", "x", "-4", "0", "99999"])
    func `a hostile annotation wakes a sane number`(_ text: String) throws {
        let sleep = VClusterSleep(of: try WishSample.wish(.vcluster))
        let up = sleep.waking(plane(0, annotations: ["loft.sh/paused-replicas": .string(text)]))
        #expect((1...5).contains(try #require(up?["spec"]?["replicas"]?.int)))
    }

    @Test func `down and up are told by what runs`() throws {
        let sleep = VClusterSleep(of: try WishSample.wish(.vcluster))
        #expect(sleep.isDown(plane(0)))
        #expect(!sleep.isDown(plane(0, there: 1)))
        #expect(sleep.isUp(plane(1, there: 1)))
        #expect(!sleep.isUp(plane(1)))
        #expect(sleep.workloads == "vcluster.loft.sh/managed-by=acme-main")
    }
}
