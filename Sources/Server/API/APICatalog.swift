package import Catalog
package import Domain
package import Scorecards

/// What the API needs for the catalog beside what is stored.
package struct APICatalog: Sendable {
    /// What a location would hold.
    package struct Preview: Sendable {
        /// The entities, each with the target of its file.
        package var entities: [(entity: Entity, file: String)]
        /// What is wrong with its files, or keeps some from being found.
        package var problems: [CatalogFile.Problem]

        /// Puts together the parts as they are.
        package init(
            entities: [(entity: Entity, file: String)],
            problems: [CatalogFile.Problem]
        ) {
            self.entities = entities
            self.problems = problems
        }
    }

    /// The most entities that a preview shows.
    package static let previewMax = 500

    /// The scorecards by which entities are judged.
    let scorecards: [Scorecard]
    /// Says why a repository is not read at an address, as a sentence; nil where it is.
    let refusalOfAddress: @Sendable (String) -> String?
    /// Reads the files of a target on behalf of a tenant, or of the platform, and keeps nothing.
    let preview: @Sendable (LocationTarget, TenantReference?) async throws -> Preview

    /// The catalog at the addresses that are let through.
    package init(
        scorecards: [Scorecard] = [],
        refusalOfAddress: @escaping @Sendable (String) -> String?,
        preview: @escaping @Sendable (LocationTarget, TenantReference?) async throws -> Preview
    ) {
        self.scorecards = scorecards
        self.refusalOfAddress = refusalOfAddress
        self.preview = preview
    }
}

/// Why a location cannot be read, as a sentence for the caller.
package struct LocationRefusal: Error, Equatable {
    /// The sentence.
    package let reason: String

    /// That reason.
    package init(reason: String) { self.reason = reason }
}
