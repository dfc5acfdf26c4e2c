import Domain
import Testing

@testable import Storage

extension StorageTests {
    struct ListTests {
        /// Reads a list page by page.
        private func pages(
            _ query: TenantQuery,
            _ store: TenantStore,
            as access: Access = .system
        ) async throws -> [[String]] {
            var query = query
            var pages: [[String]] = []
            while pages.count < 100 {
                let page = try await store.list(query, as: access)
                pages.append(page.items.map(\.name))
                guard page.hasMore, let last = page.items.last else { break }
                query.list.after = last.position(by: query.list.order.key)
            }
            return pages
        }

        @Test(arguments: [
            (ListOrder(by: .name), ["a", "b", "c", "d", "e"]),
            (ListOrder(by: .name, isDescending: true), ["e", "d", "c", "b", "a"]),
            (ListOrder(by: .createdAt), ["c", "a", "e", "b", "d"]),
            (ListOrder(by: .createdAt, isDescending: true), ["d", "b", "e", "a", "c"]),
        ])
        func `a list comes in its order, page by page, each item once`(
            order: ListOrder,
            expected: [String]
        ) async throws {
            try await Fixture.run { fixture in
                for (second, name) in ["c", "a", "e", "b", "d"].enumerated() {
                    try await fixture.tenant(name, after: second)
                }
                for limit in 1...6 {
                    let query = TenantQuery(ListQuery(order: order, limit: limit))
                    let pages = try await pages(query, fixture.storage.tenants)
                    #expect(pages.flatMap { $0 } == expected)
                    #expect(pages.dropLast().allSatisfy { $0.count == limit })
                }
            }
        }

        @Test func `equal moments are told apart by id`() async throws {
            try await Fixture.run { fixture in
                for name in ["a", "b", "c", "d"] { try await fixture.tenant(name) }
                let query = TenantQuery(ListQuery(order: ListOrder(by: .createdAt), limit: 1))
                let names = try await pages(query, fixture.storage.tenants).flatMap { $0 }
                #expect(names.sorted() == ["a", "b", "c", "d"])
            }
        }

        @Test(arguments: [
            ("tier", ["gold", "silver"]), ("!tier", ["bare", "region"]), ("tier=gold", ["gold"]),
            ("tier!=gold", ["bare", "region", "silver"]),
            ("tier in (gold,silver)", ["gold", "silver"]),
            ("tier notin (gold,silver)", ["bare", "region"]), ("tier=gold,region", []),
            ("region=eu,!tier", ["region"]), ("region=", []),
        ])
        func `a selector finds in SQL what it selects in the domain`(
            text: String,
            expected: [String]
        ) async throws {
            try await Fixture.run { fixture in
                let tenants = [
                    try await fixture.tenant("bare"),
                    try await fixture.tenant("gold", labels: [("tier", "gold")]),
                    try await fixture.tenant("silver", labels: [("tier", "silver")]),
                    try await fixture.tenant("region", labels: [("region", "eu")]),
                ]
                let selector = try LabelSelector(parsing: text)
                let page = try await fixture.storage.tenants.list(
                    TenantQuery(ListQuery(selector: selector)),
                    as: .system
                )
                #expect(page.items.map(\.name) == expected)
                let selected = tenants.filter { selector.selects($0.labels) }.map(\.name.text)
                #expect(selected.sorted() == expected)
            }
        }

        @Test func `filters by blueprint and phase leave out the rest`() async throws {
            try await Fixture.run { fixture in
                try await fixture.tenant("a")
                let leaving = try await fixture.tenant("b")
                let decision = try #require(try leaving.deletion(on: Fixture.occasion()))
                _ = try await fixture.storage.tenants.store(
                    decision,
                    permission: .deleteTenant,
                    replacing: 1,
                    for: fixture.call()
                )
                let store = fixture.storage.tenants
                let deleting = try await store.list(TenantQuery(phase: .deleting), as: .system)
                #expect(deleting.items.map(\.name) == ["b"])
                let ready = try await store.list(TenantQuery(phase: .ready), as: .system)
                #expect(ready.items.isEmpty)
                let base = try await store.list(
                    TenantQuery(blueprint: fixture.blueprint.name),
                    as: .system
                )
                #expect(base.items.count == 2)
                let other = try await store.list(
                    TenantQuery(blueprint: try BlueprintName(parsing: "other")),
                    as: .system
                )
                #expect(other.items.isEmpty)
            }
        }

        @Test func `a hostile text is a value and never a statement`() async throws {
            try await Fixture.run { fixture in
                try await fixture.tenant("a")
                let after = ListPosition(value: .name("'; DROP TABLE tenant; --"), id: Fixture.id())
                let page = try await fixture.storage.tenants.list(
                    TenantQuery(ListQuery(after: after)),
                    as: .system
                )
                #expect(page.items.map(\.name) == ["a"])
                #expect(try fixture.count("tenant") == 1)
            }
        }
    }
}
