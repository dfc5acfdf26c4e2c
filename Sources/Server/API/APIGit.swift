package import Domain
package import Git

/// Git over HTTP: the backend, and where the repositories are.
package struct APIGit: Sendable {
    /// Whose repositories they are.
    package enum Owner: Sendable, Hashable {
        /// The platform's own: the management repository.
        case platform
        /// Slipway's copies of the blueprints.
        case blueprints
        /// A tenant, by name.
        case tenant(String)
    }

    /// Answers stock `git`.
    package var backend: GitBackend
    /// Looks into repositories.
    package var service: GitService
    /// The folder of a bare repository, by owner and name without `.git`; nil where there can be
    /// none.
    ///
    /// That the folder exists is not promised.
    package var folder: @Sendable (Owner, String) -> String?
    /// The clone URL of a tenant's platform repository, as it stands in the repository's files.
    package var platformURL: @Sendable (TenantName) -> String
    /// Where callers reach this server, without a slash at the end; nil takes the request's Host.
    package var publicURL: String?

    /// Git as Program wires it.
    package init(
        backend: GitBackend,
        service: GitService,
        folder: @escaping @Sendable (Owner, String) -> String?,
        platformURL: @escaping @Sendable (TenantName) -> String,
        publicURL: String?
    ) {
        self.backend = backend
        self.service = service
        self.folder = folder
        self.platformURL = platformURL
        self.publicURL = publicURL
    }
}
