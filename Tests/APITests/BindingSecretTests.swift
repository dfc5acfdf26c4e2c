import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Bindings of one consumer, each with a Secret of its own.
    @Suite struct BindingSecretTests {
        private static let services = "/v1/tenants/acme/services"
        private static let orders = "\(services)/orders/bindings"

        private static func body(_ consumer: String, _ secret: String? = nil) -> String {
            let name = secret.map { #","secret":"\#($0)""# } ?? ""
            return #"{"spec":{"consumer":{\#(consumer)}\#(name)}}"#
        }

        @Test(arguments: [
            (#""environment":"pr-7""#, "orders-shop"),
            // Where the environment is going to be.
            (#""cluster":"main","namespace":"e-pr-7""#, "orders-shop"),
        ])
        func `no two bindings write one Secret, and the answer names the first`(
            consumer: String,
            secret: String
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let body = Self.body(consumer, secret)
                for path in ["\(Self.orders)/second?dryRun=true", "\(Self.orders)/second"] {
                    let refused = try await platform.send(.put, path, json: body)
                    #expect(refused.status == 409, "\(refused.text)")
                    #expect(refused.code == "secret-taken", "\(refused.text)")
                    let detail = refused.json["detail"]?.string ?? ""
                    #expect(detail.contains("orders-shop"), "\(detail)")
                    #expect(detail.contains("binding shop of service orders"), "\(detail)")
                    #expect(detail.contains("spec.secret"), "\(detail)")
                }
                #expect(try await platform.send(.get, "\(Self.orders)/second").status == 404)
                // The one that has it is asked for as ever.
                let same = Self.body(#""environment":"pr-7""#)
                let again = try await platform.send(.put, "\(Self.orders)/shop", json: same)
                #expect(again.status == 200, "\(again.text)")
                let other = Self.body(consumer, "another")
                let made = try await platform.send(.put, "\(Self.orders)/second", json: other)
                #expect(made.status == 202, "\(made.text)")
                // In another place it is another Secret.
                let away = Self.body(#""environment":"staging""#, secret)
                let elsewhere = try await platform.send(.put, "\(Self.orders)/third", json: away)
                #expect(elsewhere.status == 202, "\(elsewhere.text)")
            }
        }

        @Test func `a Secret that is being revoked is said to go`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let gone = try await platform.send(.delete, "\(Self.orders)/shop")
                #expect(gone.status == 202, "\(gone.text)")
                let refused = try await platform.send(
                    .put,
                    "\(Self.orders)/second",
                    json: Self.body(#""environment":"pr-7""#, "orders-shop")
                )
                #expect(refused.code == "secret-taken", "\(refused.text)")
                #expect(refused.text.contains("being revoked"), "\(refused.text)")
            }
        }

        @Test func `an environment orders nothing whose Secret is taken there`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let taken = try await platform.send(
                    .put,
                    "\(Self.orders)/early",
                    json: Self.body(#""environment":"pr-7""#, "pr-7-db-env")
                )
                #expect(taken.status == 202, "\(taken.text)")
                let environment = "/v1/tenants/acme/environments/pr-7"
                let body = """
                    {"spec":{"service":"shop","images":{"app":"r.example.com/shop:1"},\
                    "dependencies":[{"offering":{"name":"cache"},"name":"db"}]}}
                    """
                for path in ["\(environment)?dryRun=true", environment, "\(environment):plan"] {
                    let method: Method = path.hasSuffix(":plan") ? .post : .put
                    let refused = try await platform.send(method, path, json: body)
                    #expect(refused.code == "secret-taken", "\(refused.text)")
                    #expect(refused.text.contains("binding early of service orders"))
                    #expect(refused.text.contains("The dependency `db`"), "\(refused.text)")
                }
                let service = try await platform.send(.get, "\(Self.services)/pr-7-db")
                #expect(service.status == 404, "\(service.text)")
            }
        }
    }
}
