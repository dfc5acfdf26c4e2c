import Testing

@testable import Domain

struct ClusterObservationTests {
    typealias Trial = ClusterTrial

    private func seen(_ edit: (inout ClusterObservation) -> Void) -> ClusterObservation {
        var seen = ClusterObservation()
        seen.rootUID = "u"
        edit(&seen)
        return seen
    }

    @Test func `the same sight twice changes nothing the second time`() throws {
        var cluster = try Trial.settled(.vcluster)
        let sight = seen { seen in
            seen.isReady = true
            seen.conditions = [
                SeenCondition(type: "Ready", status: .true, reason: "Up", message: "It is up.")
            ]
        }
        let first = try #require(cluster.sighting(of: sight, at: Trial.later.at))
        #expect(first.events == [])
        cluster.status = first.status
        #expect(cluster.sighting(of: sight, at: Trial.occasion(3).at) == nil)
        #expect(cluster.status.conditions.first?.lastTransitionAt == Trial.later.at)
    }

    @Test func `a cluster is told to be ready once, and to be degraded once`() throws {
        var cluster = try Trial.settled(.vcluster)
        cluster.status.phase = .provisioning
        let ready = try #require(
            cluster.sighting(of: seen { $0.isReady = true }, at: Trial.later.at)
        )
        #expect(ready.status.phase == .ready && ready.events == [.clusterReady])
        cluster.status = ready.status
        let broken = try #require(
            cluster.sighting(of: seen { $0.endpoint = "x" }, at: Trial.later.at)
        )
        #expect(broken.status.phase == .degraded && broken.events == [.clusterDegraded])
    }

    @Test func `what is waited for makes it degraded only once its time is over`() throws {
        let cluster = try Trial.settled(.cluster)
        let waiting = seen { seen in
            seen.waiting = ClusterWait(
                on: "machines",
                since: Trial.start.at,
                until: Trial.occasion(5).at,
                releasedBy: nil
            )
        }
        #expect(cluster.sighting(of: waiting, at: Trial.later.at)?.status.phase == .updating)
        #expect(cluster.sighting(of: waiting, at: Trial.occasion(5).at)?.status.phase == .degraded)
    }

    @Test func `drift is told when it is found and when it is another`() throws {
        var cluster = try Trial.settled(.vcluster)
        let drifted = seen { seen in
            seen.isReady = true
            seen.drift = ["Deployment/x .spec.replicas (kubectl)"]
        }
        let sighting = try #require(cluster.sighting(of: drifted, at: Trial.later.at))
        #expect(sighting.events == [.clusterDrifted])
        cluster.status = sighting.status
        #expect(cluster.sighting(of: seen { $0.isReady = true }, at: Trial.later.at)?.events == [])
    }

    @Test func `what is wished for and not there yet is an update, and deletion stays`() throws {
        var cluster = try Trial.settled(.vcluster)
        cluster.spec.asleep = true
        let awake = seen { $0.isReady = true }
        #expect(cluster.sighting(of: awake, at: Trial.later.at)?.status.phase == .updating)
        let asleep = cluster.sighting(of: seen { $0.isAsleep = true }, at: Trial.later.at)
        #expect(asleep?.status.phase == .asleep && asleep?.events == [.clusterAsleep])
        cluster.status.phase = .deleting
        #expect(cluster.sighting(of: awake, at: Trial.later.at)?.status.phase == .deleting)
    }
}
