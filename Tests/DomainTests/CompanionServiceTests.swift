import JSON
import Testing

@testable import Domain

struct CompanionServiceTests {
    typealias Trial = EnvironmentTrial

    private func wanted(_ version: String) throws -> CompanionService {
        CompanionService(
            service: ServiceName("catalog"),
            version: try #require(VersionWish(parsing: version))
        )
    }

    /// An environment in which that tag of the catalog is live.
    private func running(
        _ tag: String,
        named name: String,
        since hours: Int64 = 0
    ) throws -> Environment {
        let order = Trial.order(image: "registry.example.com/catalog:\(tag)") { order in
            order.rest.service = ServiceName("catalog")
        }
        var found = try Trial.finished(try Trial.creation(order, named: name).environment)
        found.status.live?.since = Trial.start.advanced(by: .seconds(hours * 3_600))
        return found
    }

    @Test func `the highest version that meets is taken, and the newest roll-out of equals`()
        throws
    {
        var companion = try running("1.9.0", named: "a-companion")
        companion.status.companionOf = EnvironmentName("other")
        let found = [
            try running("1.10.0", named: "older"), try running("1.10.0", named: "newer", since: 1),
            try running("1.9.0", named: "lower", since: 2), try running("2.0.0", named: "beyond"),
            try running("latest", named: "unversioned", since: 3), companion,
        ]
        #expect(try wanted("^1.4").model(among: found)?.name == EnvironmentName("newer"))
        #expect(try wanted("^1.4").model(among: found.reversed())?.name.text == "newer")
        #expect(try wanted("latest").model(among: found)?.name.text == "unversioned")
        #expect(try wanted("^3").model(among: found) == nil)
        #expect(try wanted("1.9.0").model(among: [companion]) == nil)
    }

    @Test func `a companion is a dependency on its environment, and written as it was asked for`()
        throws
    {
        let wanted = try wanted("^1.4")
        let order = Trial.order { $0.rest.dependencies = [.companion(wanted)] }
        let owner = try Trial.creation(order, named: "pr-8").environment
        #expect(owner.needs == [EnvironmentName("pr-8-catalog")])
        #expect(owner.companions == owner.needs)
        var writer = JSONWriter(reserving: 256)
        owner.spec.dependencies[0].write(to: &writer)
        let written = try JSON.parse(writer.finish())
        #expect(written["version"] == "^1.4" && written["environment"] == nil)
        #expect(EnvironmentDependency(reading: written) == owner.spec.dependencies[0])
        var long = wanted
        long.alias = ServiceName("the-catalog-of-everything-that-is-sold")
        let name = owner.name(of: long)
        #expect(name.text.hasPrefix("pr-8-the-catalog") && name.text.utf8.count <= 40)
    }

    @Test func `a companion has exactly what is live in its model, and no time of its own`()
        throws
    {
        let wanted = try wanted("^1.4")
        let order = Trial.order { $0.rest.dependencies = [.companion(wanted)] }
        let owner = try Trial.creation(order, named: "pr-8").environment
        let model = try running("1.4.2", named: "staging")
        let made = try owner.newCompanion(
            id: EnvironmentID(high: 8, low: 1),
            for: wanted,
            like: model,
            request: Trial.request(9),
            in: Trial.places,
            on: Trial.occasion(0)
        )
        let companion = made.environment
        #expect(companion.content.images == model.status.live?.content.images)
        #expect(companion.spec.placement == owner.spec.placement)
        #expect(companion.status.expiry == nil && companion.spec.type == .ephemeral)
        #expect(made.deployment?.origin != .request)
        let same = try owner.refreshed(
            companion,
            for: wanted,
            like: nil,
            request: Trial.request(10),
            in: Trial.places,
            on: Trial.occasion(1)
        )
        #expect(same == nil)
        #expect(throws: EnvironmentRefusal.isCompanion(of: owner.name)) {
            _ = try Trial.refresh(companion, Trial.order())
        }
        #expect(throws: EnvironmentRefusal.isCompanion(of: owner.name)) {
            _ = try companion.deletion(by: "somebody", on: Trial.occasion(1))
        }
        let newer = try owner.refreshed(
            companion,
            for: wanted,
            like: try running("1.6.0", named: "team"),
            request: Trial.request(11),
            in: Trial.places,
            on: Trial.occasion(1)
        )
        #expect(newer?.deployment?.number == 2)
        #expect(newer?.environment.status.expiry == nil)
    }

    @Test func `no companion has companions, and none needs what needs it`() throws {
        let wanted = try wanted("^1.4")
        let order = Trial.order { $0.rest.dependencies = [.companion(wanted)] }
        let owner = try Trial.creation(order, named: "pr-8").environment
        func refusal(_ dependency: EnvironmentDependency) throws -> [String] {
            var model = try running("1.4.2", named: "staging")
            model.status.live?.content.dependencies = [dependency]
            var places = Trial.places
            places.environments[owner.name] = .some(ServiceName("shop"))
            return Trial.faults {
                _ = try owner.newCompanion(
                    id: EnvironmentID(high: 8, low: 1),
                    for: wanted,
                    like: model,
                    request: Trial.request(9),
                    in: places,
                    on: Trial.occasion(0)
                )
            }
        }
        #expect(try refusal(.companion(wanted)).contains { $0.contains("has-companions") })
        let back = SharedService(service: ServiceName("shop"), environment: owner.name)
        #expect(try refusal(.shared(back)).contains { $0.contains("cycle") })
    }
}
