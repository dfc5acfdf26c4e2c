import Domain
import Testing

struct BlueprintPlanTests {
    private func blueprint(isSettled: Bool) throws -> Blueprint {
        var blueprint = Blueprint.creation(
            id: BlueprintID(high: 1, low: 1),
            name: try BlueprintName(parsing: "base"),
            labels: Labels(),
            spec: BlueprintSpec(url: "/srv/base.git"),
            on: occasion
        ).blueprint
        blueprint.status.observedGeneration = isSettled ? 1 : 0
        return blueprint
    }

    private let occasion = Occasion(
        at: Instant(microseconds: 1_800_000_000_000_000),
        job: JobID(high: 2, low: 1),
        event: EventID(high: 3, low: 1)
    )

    @Test(arguments: [true, false])
    func `another display name is work only where an earlier change is under way`(
        isSettled: Bool
    ) throws {
        let blueprint = try blueprint(isSettled: isSettled)
        var spec = blueprint.spec
        spec.displayName = "The base"
        let decision = try #require(
            blueprint.change(
                labels: blueprint.labels,
                spec: spec,
                changesCredentials: false,
                on: occasion
            )
        )
        #expect((decision.job == nil) == isSettled)
        #expect(decision.blueprint.generation == 2)
        #expect(decision.blueprint.status.observedGeneration == (isSettled ? 2 : 0))
    }

    @Test(arguments: [true, false])
    func `another address or other credentials are work`(changesURL: Bool) throws {
        let blueprint = try blueprint(isSettled: true)
        var spec = blueprint.spec
        if changesURL { spec.url = "/srv/other.git" }
        let decision = try #require(
            blueprint.change(
                labels: blueprint.labels,
                spec: spec,
                changesCredentials: !changesURL,
                on: occasion
            )
        )
        #expect(decision.job?.kind == .blueprintRefresh)
        #expect(decision.blueprint.status.observedGeneration == 1)
    }
}
