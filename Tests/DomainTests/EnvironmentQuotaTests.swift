import JSON
import Testing

@testable import Domain

struct EnvironmentQuotaTests {
    private func figures(
        _ number: Int,
        _ type: EnvironmentType = .ephemeral,
        service: StaticString? = "shop",
        isAwake: Bool = true,
        isDeleting: Bool = false
    ) throws -> EnvironmentFigures {
        EnvironmentFigures(
            id: EnvironmentID(high: 1, low: UInt64(number)),
            name: try EnvironmentName(parsing: "e\(number)"),
            type: type,
            service: service.map { ServiceName($0) },
            isAwake: isAwake,
            isDeleting: isDeleting,
            cluster: nil,
            usedAt: Instant(microseconds: Int64(100 - number))
        )
    }

    private func exceeded(
        _ new: EnvironmentFigures,
        beside others: [EnvironmentFigures],
        _ quotas: EnvironmentQuotas
    ) -> [QuotaStanding] {
        EnvironmentUsage(others).standings(with: new, quotas: quotas).filter(\.isExceeded)
    }

    @Test func `a refusal names what could go, ephemeral and longest unused first`() throws {
        let others = [
            try figures(1), try figures(2), try figures(3, .production), try figures(4, .staging),
            try figures(5, isDeleting: true),
        ]
        let standings = exceeded(try figures(9), beside: others, EnvironmentQuotas(total: 5))
        #expect(standings.map(\.name) == ["environments.total"])
        #expect(standings.first?.used == 5 && standings.first?.after == 6)
        #expect(
            standings.first?.remedy
                == "Delete one of e2, e1, e4, the longest unused first, or ask the platform's "
                + "admins for more."
        )
        let only = exceeded(
            try figures(9),
            beside: [try figures(1, .production)],
            EnvironmentQuotas(total: 1)
        )
        #expect(only.first?.remedy == "Ask the platform's admins for more.")
    }

    @Test func `services and sleep count for themselves`() throws {
        let others = [try figures(1), try figures(2, isAwake: false), try figures(3, service: nil)]
        let quotas = EnvironmentQuotas(total: 10, perService: 2, awake: 2)
        #expect(
            exceeded(try figures(9), beside: others, quotas).map(\.name)
                == ["environments.perService", "environments.awake"]
        )
        #expect(
            exceeded(try figures(9, service: nil, isAwake: false), beside: others, quotas) == []
        )
        // Waking is refused, sleeping and staying as it is are not.
        let woken = exceeded(try figures(2), beside: others, quotas)
        #expect(woken.map(\.name) == ["environments.awake"])
        #expect(woken.first?.remedy.hasPrefix("Put to sleep or delete one of e3, e1") == true)
        #expect(exceeded(try figures(1, isAwake: false), beside: others, quotas) == [])
        let lowered = EnvironmentQuotas(total: 0, perService: 0, awake: 0)
        #expect(exceeded(try figures(1), beside: others, lowered) == [])
    }

    @Test func `quotas are read as they were written`() throws {
        let quotas = EnvironmentQuotas(total: 1, perService: 2, awake: 3)
        var writer = JSONWriter(reserving: 64)
        quotas.write(to: &writer)
        #expect(EnvironmentQuotas(reading: try JSON.parse(writer.finish())) == quotas)
        #expect(EnvironmentQuotas(reading: nil) == EnvironmentQuotas())
    }
}
