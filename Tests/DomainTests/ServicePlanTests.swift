import JSON
import Testing

@testable import Domain

struct ServicePlanTests {
    typealias Trial = ServiceTrial

    @Test func `a new service goes into the first cluster and is delivered`() throws {
        let decision = try Trial.creation()
        let service = decision.service
        #expect(service.spec.cluster == ClusterName("main") && service.spec.plan == "small")
        #expect(decision.job?.kind == .serviceDeliver)
        #expect(decision.event.type == .serviceRequested)
        #expect(service.status.coming?.number == 1 && service.status.phase == .pending)
        let input = try JSON.parse(try #require(decision.job?.input))
        #expect(try ServiceSpec(reading: try #require(input["spec"])) == service.spec)
        let delivery = try ServiceDelivery(reading: try #require(input["delivery"]))
        #expect(delivery == service.status.coming)
    }

    @Test(
        arguments: [
            ("1db", "main", nil, "name bad-character"),
            ("a-name-that-is-too-long", "main", nil, "name too-long"),
            ("db", "gone", nil, "cluster unknown"),
            ("db", "old", nil, "cluster leaving"),
            ("db", "bare", nil, "cluster not-offered"),
            ("db", nil, "nowhere", "environment unknown"),
            ("db", nil, "flat", "environment not-offered"),
            ("db", "main", "review", "cluster conflicting"),
        ] as [(String, String?, String?, String)]
    )
    func `a service that cannot be placed is refused`(
        name: String,
        cluster: String?,
        environment: String?,
        fault: String
    ) throws {
        let codes = Trial.codes {
            _ = try Trial.creation(named: name) { order in
                order.cluster = cluster.flatMap { ClusterName(stored: .string($0)) }
                order.environment = environment.flatMap { EnvironmentName(stored: .string($0)) }
            }
        }
        #expect(codes == [fault])
    }

    @Test func `whom an offering is for is held to`() throws {
        let ours = Trial.ordered(Trial.offering(owners: [.environment]))
        #expect(Trial.codes { _ = try Trial.creation(of: ours) } == ["environment not-offered"])
        let theirs = Trial.ordered(Trial.offering(owners: [.tenant]))
        let codes = Trial.codes {
            _ = try Trial.creation(of: theirs) { $0.environment = EnvironmentName("review") }
        }
        #expect(codes == ["environment not-offered"])
        let decision = try Trial.creation { $0.environment = EnvironmentName("review") }
        #expect(decision.service.spec.cluster == nil)
    }

    @Test func `the same order again changes nothing`() throws {
        let service = try Trial.live()
        #expect(try Trial.change(service, to: Trial.ordered()) == nil)
        let pending = try Trial.creation().service
        #expect(try Trial.change(pending, to: Trial.ordered()) == nil)
    }

    @Test func `another plan is delivered while the old one stays live`() throws {
        let service = try Trial.live()
        let decision = try #require(try Trial.change(service, to: Trial.ordered(plan: "large")))
        let next = decision.service
        #expect(decision.job?.kind == .serviceDeliver && !decision.givesUpJobs)
        #expect(next.status.phase == .provisioning && next.generation == 2)
        #expect(next.status.live?.terms.plan == "small")
        #expect(next.status.coming?.terms.plan == "large" && next.status.coming?.number == 2)
        let done = try Trial.finished(next)
        #expect(done.status.live?.terms.plan == "large" && done.status.observedGeneration == 2)
    }

    @Test func `a newer order gives up the delivery before it`() throws {
        let pending = try Trial.creation().service
        let decision = try #require(try Trial.change(pending, to: Trial.ordered(plan: "large")))
        #expect(decision.givesUpJobs && decision.service.status.coming?.number == 2)
        let late = decision.service.progress(
            by: [.serviceEnded(ServiceOutcome(1, .succeeded, detail: "Late."))],
            of: JobID(high: 1, low: 1),
            at: Trial.start
        )
        #expect(late.service.status.live == nil && late.service.status.coming?.number == 2)
    }

    @Test func `what failed is delivered again by the same order`() throws {
        let failed = try Trial.finished(try Trial.creation().service, .failed)
        #expect(failed.status.phase == .failed && failed.status.leftover == 1)
        let decision = try #require(try Trial.change(failed, to: Trial.ordered()))
        #expect(decision.job?.kind == .serviceDeliver && decision.service.generation == 1)
        #expect(try Trial.finished(decision.service).status.leftover == nil)
    }

    @Test func `what a service is can never be changed`() throws {
        let service = try Trial.live()
        let codes = Trial.codes {
            _ = try Trial.change(service, to: Trial.ordered()) { order in
                order.offering = OfferingName("redis")
                order.environment = EnvironmentName("review")
                order.cluster = ClusterName("bare")
                order.adopt = true
            }
        }
        let fixed = ["offering/name fixed", "environment fixed", "cluster fixed", "adopt fixed"]
        #expect(codes == fixed)
    }

    @Test func `parameters stay or grow as the offering says`() throws {
        let service = try Trial.live()
        func codes(_ parameters: JSONObject) -> [String] {
            Trial.codes {
                _ = try Trial.change(service, to: Trial.ordered(parameters: parameters))
            }
        }
        #expect(codes(["database": "shop", "storage": 20]) == [])
        #expect(codes(["database": "shop", "storage": 5]) == ["parameters/storage too-small"])
        #expect(codes(["database": "other", "storage": 10]) == ["parameters/database fixed"])
        #expect(codes(["storage": 10]) == ["parameters/database fixed"])
    }

    @Test func `a plan changes only to those that it names`() throws {
        let service = try Trial.live()
        let closed = Trial.ordered(Trial.offering(changesTo: []), plan: "large")
        #expect(Trial.codes { _ = try Trial.change(service, to: closed) } == ["plan not-offered"])
        let open = Trial.ordered(Trial.offering(changesTo: ["large"]), plan: "large")
        #expect(Trial.codes { _ = try Trial.change(service, to: open) } == [])
    }

    @Test(
        arguments: [
            ("1.3.0", nil, true), ("1.1.0", nil, false), ("2.0.0", nil, false),
            ("2.0.0", ">=1.2.0 <2.0.0", true), ("2.0.0", ">=1.3.0 <2.0.0", false),
            ("1.1.0", ">=1.0.0 <2.0.0", true),
        ] as [(String, String?, Bool)]
    )
    func `a version takes services of the versions that it names`(
        version: String,
        from: String?,
        isTaken: Bool
    ) throws {
        let service = try Trial.live()
        let upgrades = OfferingUpgrades(from: from.flatMap { VersionRange($0) })
        let next = Trial.ordered(Trial.offering(version, upgrades: upgrades))
        let codes = Trial.codes { _ = try Trial.change(service, to: next) }
        #expect(codes == (isTaken ? [] : ["offering/version not-offered"]))
    }

    @Test func `a pause gives up what is under way, and resuming delivers it`() throws {
        let service = try Trial.live()
        let moving = try #require(try Trial.change(service, to: Trial.ordered(plan: "large")))
        let begun = moving.service.progress(
            by: [.serviceBegun(2)],
            of: JobID(high: 1, low: 121),
            at: Trial.start
        ).service
        let paused = try #require(try begun.pausing(true, on: Trial.occasion(3)))
        #expect(paused.job?.kind == .serviceUpdate && paused.givesUpJobs)
        let settled = paused.service.progress(
            by: [.serviceSettled(generation: paused.service.generation)],
            of: JobID(high: 1, low: 181),
            at: Trial.start
        )
        #expect(settled.service.status.phase == .paused)
        #expect(settled.events.map(\.type) == [.servicePaused])
        #expect(throws: ServiceRefusal.isPaused) {
            try Trial.change(settled.service, to: Trial.ordered(plan: "large"), at: 4)
        }
        let resumed = try #require(try settled.service.pausing(false, on: Trial.occasion(5)))
        #expect(resumed.job?.kind == .serviceDeliver)
        #expect(resumed.service.status.coming?.terms.plan == "large")
        #expect(try resumed.service.pausing(false, on: Trial.occasion(6)) == nil)
    }

    @Test func `a service with bindings goes only when told to wait for them`() throws {
        var service = try Trial.live()
        service.bindings = [BindingName("shop")]
        #expect(throws: ServiceRefusal.isBound([BindingName("shop")])) {
            try service.deletion(by: "ann", waits: false, on: Trial.occasion(2))
        }
        let decision = try #require(
            try service.deletion(by: "ann", waits: true, on: Trial.occasion(2))
        )
        #expect(decision.job?.kind == .serviceDelete && decision.givesUpJobs)
        #expect(decision.service.status.ending == .request(by: "ann"))
        let going = decision.service
        #expect(try going.deletion(by: "ann", waits: false, on: Trial.occasion(3)) == nil)
        let back = going.progress(
            by: [.jobGivenUp],
            of: try #require(going.status.job),
            at: Trial.start
        ).service
        #expect(back.status.phase == .failed && back.status.ending == nil)
        #expect(try #require(try Trial.change(back, to: Trial.ordered())).job != nil)
    }

    @Test func `what was ordered with an environment and goes already can be hurried`() throws {
        var service = try Trial.creation { $0.environment = EnvironmentName("review") }.service
        service.status.dependency = ServiceName("db")
        #expect(throws: ServiceRefusal.self) {
            try service.deletion(by: "ann", waits: true, on: Trial.occasion(2))
        }
        let ending = ServiceEnding.unneeded(by: EnvironmentName("review"))
        let going = service.removal(because: ending, on: Trial.occasion(2)).service
        let hurried = try going.deletion(
            by: "ann",
            waits: true,
            revokes: true,
            on: Trial.occasion(3)
        )
        #expect(hurried?.job?.kind == .serviceDelete)
    }

    @Test func `protection keeps a service until it is taken back`() throws {
        let kept = try Trial.creation { $0.deleteProtection = true }.service
        #expect(throws: ServiceRefusal.isProtected) {
            try kept.deletion(by: "ann", waits: true, on: Trial.occasion(2))
        }
        #expect(kept.removal(because: .tenant, on: Trial.occasion(2)).job?.kind == .serviceDelete)
    }

    @Test func `quotas name what could be given up`() throws {
        let usage = ServiceUsage([try Trial.live().figures])
        let standings = usage.standings(
            withAnother: OfferingName("postgresql"),
            quotas: ServiceQuotas(total: 5, perOffering: 1)
        )
        #expect(standings.filter(\.isExceeded).map(\.name) == ["services.perOffering"])
        #expect(standings[1].remedy.contains("Delete one of db"))
    }

    @Test func `what is stored is read as it was written`() throws {
        var service = try Trial.creation { order in
            order.environment = EnvironmentName("review")
            order.adopt = true
            order.deleteProtection = true
        }.service
        service = try Trial.finished(service)
        service.status.outputs = ["host": "db.s-db.svc"]
        service.status.leftover = 3
        service.status.ending = .environment(EnvironmentName("review"))
        service.status.objects = [SeenReadiness(object: "Cluster/db", state: .progressing)]
        var spec = JSONWriter()
        service.spec.write(to: &spec)
        #expect(try ServiceSpec(reading: try JSON.parse(spec.finish())) == service.spec)
        var status = JSONWriter()
        service.status.write(to: &status)
        #expect(try ServiceStatus(reading: try JSON.parse(status.finish())) == service.status)
    }
}
