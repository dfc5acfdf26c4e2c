import HTTP
import Postgres
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What callers are told while the database is away.
    @Suite struct OutageTests {
        @Test func `without the database every call is 503 and says when to come back`()
            async throws
        {
            try await Platform.run { platform in
                let name = try #require(platform.database.connection["dbname"])
                let post = "{\"name\":\"initech\",\"spec\":{\"blueprint\":\"platform\"}}"
                #expect(try await platform.send(.get, "/v1/tenants/acme").status == 200)
                let elsewhere = TestDatabase(
                    connection: platform.database.connection.setting("dbname", to: "postgres")
                )
                // Two transactions: what is ended may not come back before the first is over.
                try elsewhere.run("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
                try elsewhere.run(
                    """
                    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                     WHERE datname = '\(name)'
                    """
                )
                for _ in 0..<3 {
                    let replies = [
                        try await platform.send(.get, "/v1/tenants/acme"),
                        try await platform.send(.get, "/v1/events"),
                        try await platform.send(.post, "/v1/tenants", json: post),
                    ]
                    for reply in replies {
                        #expect(reply.status == 503, "\(reply.text)")
                        #expect(reply.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
                        #expect(reply.headers[.contentType] == "application/problem+json")
                    }
                }
            }
        }
    }
}
