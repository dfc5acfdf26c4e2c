import EventLoop
import Logging
import Postgres
import Storage
import TestSupport
import Testing

@testable import slipway

struct BootstrapTests {
    /// The check of the key in `directory` against `database`, as a start does it.
    private func checkKey(_ directory: DataDirectory, _ test: TestDatabase) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        defer { group.stop() }
        let database = Database(
            group: group,
            connection: test.connection,
            logger: Logger(label: "test")
        )
        try await database.start()
        let keyring = try Keyring(in: directory)
        let bootstrap = Bootstrap(
            storage: Storage(database),
            keyring: keyring,
            directory: directory
        )
        do {
            try await bootstrap.checkKey()
        } catch {
            await database.stop()
            throw error
        }
        await database.stop()
    }

    @Test func `a missing key of a known database is named, and none is made`() async throws {
        let place = TemporaryDirectory()
        let test = try TestDatabase(migrations: EmbeddedFiles.migrations)
        let first = try DataDirectory(creating: "\(place.path)/first")
        try await checkKey(first, test)
        let key = try #require(try first.read(first.secretKey))
        try await checkKey(first, test)
        #expect(try first.read(first.secretKey) == key)
        let second = try DataDirectory(creating: "\(place.path)/second")
        let fault = await #expect(throws: StartFault.self) { try await checkKey(second, test) }
        #expect(fault?.description.contains("key file is missing") == true)
        #expect(fault?.description.contains(second.secretKey) == true)
        #expect(try second.read(second.secretKey) == nil)
    }
}
