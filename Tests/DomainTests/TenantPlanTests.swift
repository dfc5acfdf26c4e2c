import JSON
import Testing

@testable import Domain

struct TenantPlanTests {
    private let start = Occasion(
        at: Instant(microseconds: 1_000_000),
        job: JobID(high: 1, low: 1),
        event: EventID(high: 2, low: 1)
    )
    private let later = Occasion(
        at: Instant(microseconds: 2_000_000),
        job: JobID(high: 1, low: 2),
        event: EventID(high: 2, low: 2)
    )

    private func tenant(_ edit: (inout Tenant) -> Void = { _ in }) throws -> Tenant {
        let spec = TenantSpec(
            displayName: "Acme",
            blueprint: BlueprintChoice(name: try BlueprintName(parsing: "base"))
        )
        var tenant = Tenant.creation(
            id: TenantID(high: 3, low: 1),
            name: try TenantName(parsing: "acme"),
            labels: Labels(),
            spec: spec,
            blueprint: BlueprintID(high: 4, low: 1),
            on: start
        ).tenant
        edit(&tenant)
        return tenant
    }

    @Test func `a new tenant waits for the job that makes its repository`() throws {
        let tenant = try tenant()
        let decision = Tenant.creation(
            id: tenant.id,
            name: tenant.name,
            labels: tenant.labels,
            spec: tenant.spec,
            blueprint: tenant.blueprint,
            on: start
        )
        #expect(decision.tenant.status.phase == .pending)
        #expect(decision.tenant.generation == 1 && decision.tenant.revision == 1)
        #expect(decision.job?.kind == .tenantProvision)
        #expect(decision.job?.id == decision.tenant.status.job)
        #expect(decision.event.type == .tenantRequested)
        let input = try JSON.parse(try #require(decision.job).input)
        #expect(input["spec"]?["displayName"]?.string == "Acme")
        #expect(input["generation"]?.int == 1)
    }

    @Test func `the same wish again changes nothing`() throws {
        let tenant = try tenant()
        #expect(try tenant.change(labels: tenant.labels, spec: tenant.spec, on: later) == nil)
        #expect(try tenant.suspension(false, on: later) == nil)
    }

    @Test func `other labels are stored without work and without a new generation`() throws {
        let tenant = try tenant()
        let labels = try Labels(parsing: [("tier", "gold")])
        let decision = try #require(
            try tenant.change(labels: labels, spec: tenant.spec, on: later)
        )
        #expect(decision.job == nil)
        #expect(decision.tenant.generation == 1 && decision.tenant.revision == 2)
        #expect(decision.tenant.updatedAt == later.at)
    }

    @Test func `other parameters are work of a new generation`() throws {
        let tenant = try tenant()
        var spec = tenant.spec
        spec.parameters["replicas"] = 3
        let decision = try #require(
            try tenant.change(labels: tenant.labels, spec: spec, on: later)
        )
        #expect(decision.job?.kind == .tenantUpdate)
        #expect(decision.tenant.status.job == later.job)
        #expect(decision.tenant.generation == 2 && decision.tenant.revision == 2)
    }

    @Test func `a change that needs no work is observed at once, if the rest was`() throws {
        let tenant = try tenant { $0.status.observedGeneration = 1 }
        var spec = tenant.spec
        spec.deleteProtection = true
        let decision = try #require(
            try tenant.change(labels: tenant.labels, spec: spec, on: later)
        )
        #expect(decision.job == nil)
        #expect(decision.tenant.status.observedGeneration == 2)
    }

    @Test(arguments: [true, false])
    func `a change of names follows as work only where an earlier one is under way`(
        isSettled: Bool
    ) throws {
        let tenant = try tenant { $0.status.observedGeneration = isSettled ? 1 : 0 }
        var spec = tenant.spec
        spec.displayName = "Another name"
        spec.owners = ["ada@example.org"]
        let decision = try #require(
            try tenant.change(labels: tenant.labels, spec: spec, on: later)
        )
        #expect((decision.job == nil) == isSettled)
        #expect(decision.tenant.generation == 2)
        #expect(decision.tenant.status.observedGeneration == (isSettled ? 2 : 0))
    }

    @Test func `suspending and resuming are told as such`() throws {
        let suspended = try #require(try tenant().suspension(true, on: later))
        #expect(suspended.event.type == .tenantSuspended)
        #expect(suspended.job?.kind == .tenantUpdate)
        let resumed = try #require(try suspended.tenant.suspension(false, on: later))
        #expect(resumed.event.type == .tenantResumed)
    }

    @Test func `the blueprint stays, its version may change`() throws {
        let tenant = try tenant()
        var spec = tenant.spec
        spec.blueprint.version = "1.2.0"
        #expect(try tenant.change(labels: tenant.labels, spec: spec, on: later) != nil)
        spec.blueprint.name = try BlueprintName(parsing: "other")
        #expect(throws: TenantRefusal.blueprintIsFixed) {
            try tenant.change(labels: tenant.labels, spec: spec, on: later)
        }
    }

    @Test func `deletion is work, and nothing changes any more after it`() throws {
        let decision = try #require(try tenant().deletion(on: later))
        #expect(decision.tenant.status.phase == .deleting)
        #expect(decision.job?.kind == .tenantDelete)
        #expect(try decision.tenant.deletion(on: later) == nil)
        #expect(throws: TenantRefusal.isDeleting) {
            try decision.tenant.change(
                labels: Labels(),
                spec: decision.tenant.spec,
                on: later
            )
        }
    }

    @Test func `a protected tenant is not deleted`() throws {
        let tenant = try tenant { $0.spec.deleteProtection = true }
        #expect(throws: TenantRefusal.isProtected) { try tenant.deletion(on: later) }
    }

    @Test func `documents come back as they were written`() throws {
        let condition = Condition(
            type: "Ready",
            status: .false,
            reason: "Waiting",
            message: "äöü \"quoted\"",
            observedGeneration: 4,
            lastTransitionAt: start.at
        )
        let status = TenantStatus(
            phase: .degraded,
            conditions: [condition],
            observedGeneration: 4,
            version: "1.0.0",
            job: start.job
        )
        var parameters = JSONObject()
        parameters["size"] = ["deep": [1, 3]]
        let spec = TenantSpec(
            displayName: "A",
            owners: ["a@example.org"],
            blueprint: BlueprintChoice(name: try BlueprintName(parsing: "base"), version: "1.0.0"),
            parameters: parameters,
            deleteProtection: true,
            suspended: true
        )
        let repository = TenantRepository(
            name: "platform",
            branch: "main",
            blueprintVersion: "1.0.0",
            baseCommit: String(repeating: "a", count: 40),
            commit: String(repeating: "b", count: 40),
            parameters: parameters
        )
        #expect(try TenantStatus(reading: written(status.write)) == status)
        #expect(try TenantSpec(reading: written(spec.write)) == spec)
        #expect(try TenantRepository(reading: written(repository.write)) == repository)
    }

    private func written(_ write: (inout JSONWriter) -> Void) throws -> JSON {
        var writer = JSONWriter()
        write(&writer)
        return try JSON.parse(writer.finish())
    }
}

struct ConditionTests {
    @Test func `a condition keeps its transition time until its status changes`() {
        func ready(_ status: Condition.Status, _ second: Int64) -> Condition {
            Condition(
                type: "Ready",
                status: status,
                reason: "R",
                message: "",
                observedGeneration: 1,
                lastTransitionAt: Instant(microseconds: second)
            )
        }
        var conditions: [Condition] = []
        conditions.set(ready(.false, 1))
        conditions.set(ready(.false, 2))
        #expect(conditions.map(\.lastTransitionAt.microseconds) == [1])
        conditions.set(ready(.true, 3))
        #expect(conditions.map(\.lastTransitionAt.microseconds) == [3])
        #expect(conditions.count == 1)
    }
}
