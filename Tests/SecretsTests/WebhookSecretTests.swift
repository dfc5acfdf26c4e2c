import Testing

@testable import Secrets

@Suite struct WebhookSecretTests {
    /// The example of the specification's own test suites.
    @Test func `a message is signed as Standard Webhooks says`() throws {
        let secret = try #require(
            WebhookSecret(parsing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        )
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8)
        )
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a new secret can be read back and does not show itself`() throws {
        let secret = WebhookSecret.generate()
        let text = secret.revealedText()
        #expect(WebhookSecret(parsing: text)?.revealedText() == text)
        #expect(text.hasPrefix("whsec_") && !"\(secret)".contains(text.dropFirst(6)))
        #expect(WebhookSecret(parsing: "whsec_AAAA") == nil)
        #expect(WebhookSecret(parsing: String(text.dropFirst(6))) == nil)
    }
}
