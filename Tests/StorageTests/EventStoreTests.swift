import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct EventStoreTests {
        private func place(_ fixture: Fixture) async throws {
            let sequencer = EventSequencer(fixture.storage.database)
            while try await sequencer.place(at: Fixture.start) > 0 {}
        }

        private func event(
            _ fixture: Fixture,
            _ name: String,
            tenant: TenantID? = nil
        ) -> Event {
            Event(
                id: Fixture.id(),
                type: EventType("dev.slipway.test"),
                subject: ObjectReference(kind: .platform, id: nil, name: name),
                tenant: tenant,
                at: Fixture.start
            )
        }

        @Test func `an event is read once it has a position, and from there on`() async throws {
            try await Fixture.run { fixture in
                let events = fixture.storage.events
                let before = try await events.read(EventQuery(after: nil), as: .system)
                #expect(before.events.isEmpty && before.next == 0)
                try await fixture.tenant("acme")
                try await place(fixture)
                let page = try await events.read(EventQuery(after: nil), as: .system)
                #expect(page.events.map(\.event.type) == [.blueprintCreated, .tenantRequested])
                #expect(page.events.map(\.position) == [1, 2])
                #expect(page.next == 2 && !page.hasMore)
                let rest = try await events.read(EventQuery(after: 1), as: .system)
                #expect(rest.events.map(\.position) == [2])
                let one = try await events.read(EventQuery(after: 0, limit: 1), as: .system)
                #expect(one.hasMore && one.next == 1)
            }
        }

        @Test func `a transaction that ends late is not skipped by who read on`() async throws {
            try await Fixture.run { fixture in
                try await place(fixture)
                let database = fixture.storage.database
                let events = fixture.storage.events
                let late = event(fixture, "late")
                let early = event(fixture, "early")
                var next: Int64 = 0
                next = try await database.transaction { transaction in
                    try await transaction.execute(EventStore.insertion(of: late))
                    _ = try await database.write(EventStore.insertion(of: early))
                    try await place(fixture)
                    let page = try await events.read(EventQuery(after: 1), as: .system)
                    #expect(page.events.map(\.event.subject.name) == ["early"])
                    return page.next
                }
                try await place(fixture)
                let page = try await events.read(EventQuery(after: next), as: .system)
                #expect(page.events.map(\.event.subject.name) == ["late"])
            }
        }

        @Test func `concurrent writers and sequencers make one order without gaps`() async throws {
            try await Fixture.run { fixture in
                let database = fixture.storage.database
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            for number in 0..<25 {
                                _ = try await database.transaction { transaction in
                                    try await transaction.execute(
                                        EventStore.insertion(
                                            of: event(fixture, "\(writer)-\(number)")
                                        )
                                    )
                                }
                            }
                        }
                    }
                    for _ in 0..<3 {
                        group.addTask {
                            let sequencer = EventSequencer(database)
                            for _ in 0..<40 { try await sequencer.place(at: Fixture.start) }
                        }
                    }
                    try await group.waitForAll()
                }
                try await place(fixture)
                var seen: [PositionedEvent] = []
                var next: Int64?
                repeat {
                    let page = try await fixture.storage.events.read(
                        EventQuery(after: next, limit: 7),
                        as: .system
                    )
                    seen += page.events
                    next = page.hasMore ? page.next : nil
                } while next != nil
                #expect(seen.map(\.position) == Array(1...201))
                for writer in 0..<8 {
                    let own = seen.map(\.event.subject.name).filter { $0.hasPrefix("\(writer)-") }
                    #expect(own == (0..<25).map { "\(writer)-\($0)" })
                }
            }
        }

        @Test func `people of a tenant read its events and no others`() async throws {
            try await Fixture.run { fixture in
                let own = try await fixture.tenant("own")
                try await fixture.tenant("other")
                try await place(fixture)
                let access = Access.tenant(own.id, .viewer)
                let page = try await fixture.storage.events.read(EventQuery(after: nil), as: access)
                #expect(page.events.map(\.event.subject.name) == ["own"])
                #expect(page.next == 3)
                let query = EventQuery(after: nil, tenant: try TenantName(parsing: "other"))
                let foreign = try await fixture.storage.events.read(query, as: access)
                #expect(foreign.events.isEmpty)
            }
        }

        @Test func `filters by type and subject leave out the rest`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await place(fixture)
                let events = fixture.storage.events
                let typed = EventQuery(after: nil, types: [.tenantRequested, .tenantReady])
                #expect(try await events.read(typed, as: .system).events.count == 1)
                let about = EventQuery(after: nil, subject: tenant.reference)
                #expect(try await events.read(about, as: .system).events.count == 1)
            }
        }

        @Test func `who stands behind deleted events is told, others read on`() async throws {
            try await Fixture.run { fixture in
                for name in ["a", "b", "c"] { try await fixture.tenant(name) }
                try await place(fixture)
                try fixture.database.run("UPDATE event SET at = now() WHERE position > 2")
                try fixture.database.run(
                    "UPDATE event SET at = now() - interval '9 days' WHERE position <= 2"
                )
                let events = fixture.storage.events
                let removed = try await events.removeOld(
                    olderThan: .seconds(8 * 86_400),
                    batch: 100
                )
                #expect(removed == 2)
                await #expect(throws: StorageFault.positionTooOld(oldest: 3)) {
                    try await events.read(EventQuery(after: 1), as: .system)
                }
                await #expect(throws: StorageFault.positionUnknown(newest: 4)) {
                    try await events.read(EventQuery(after: 5), as: .system)
                }
                let rest = try await events.read(EventQuery(after: 2), as: .system)
                #expect(rest.events.map(\.position) == [3, 4])
                let start = try await events.read(EventQuery(after: nil), as: .system)
                #expect(start.events.map(\.position) == [3, 4])
                #expect(
                    try await events.removeOld(olderThan: .seconds(8 * 86_400), batch: 100) == 0
                )
            }
        }
    }
}

extension StorageTests {
    struct EventFloorTests {
        private let start = Domain.Instant(microseconds: 0)

        @Test func `everything is looked at first, and again after a while`() {
            var floor = EventFloor()
            #expect(floor.start(at: start) == 0)
            floor.reached(100, at: start)
            #expect(floor.start(at: start.advanced(by: .seconds(1))) == 0)
            #expect(floor.start(at: start.advanced(by: .seconds(3))) == 100)
            #expect(floor.start(at: start.advanced(by: .seconds(10))) == 0)
            #expect(floor.start(at: start.advanced(by: .seconds(11))) == 100)
        }

        @Test func `what was reached a moment ago is still looked behind`() {
            var floor = EventFloor()
            _ = floor.start(at: start)
            floor.reached(100, at: start)
            floor.reached(200, at: start.advanced(by: .milliseconds(1900)))
            #expect(floor.start(at: start.advanced(by: .seconds(2))) == 100)
            #expect(floor.start(at: start.advanced(by: .seconds(3))) == 100)
            #expect(floor.start(at: start.advanced(by: .seconds(4))) == 200)
        }
    }
}
