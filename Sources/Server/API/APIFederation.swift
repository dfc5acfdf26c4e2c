package import Domain

/// What the API needs to know good tokens of pipelines by.
package struct APIFederation: Sendable {
    /// The issuers whose word is taken, as their tokens name them.
    package var issuers: [String]
    /// What a token of one of them says; or why it is not taken.
    package var verify: @Sendable (String) async throws(VerificationFault) -> VerifiedToken

    /// Issuers as Program wires them.
    package init(
        issuers: [String],
        verify: @escaping @Sendable (String) async throws(VerificationFault) -> VerifiedToken
    ) {
        self.issuers = issuers
        self.verify = verify
    }
}
