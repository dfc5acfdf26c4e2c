package import Catalog
package import Contract
package import Domain

/// What reading locations must know and keep, without knowing where it is kept.
package protocol IngestRecords: Sendable {
    /// The location; nil where it is gone.
    func location(_ id: LocationID) async throws(ProviderFault) -> CatalogLocation?

    /// The files that were read before, by their targets.
    func files(of location: LocationID) async throws(ProviderFault) -> [String: KnownFile]

    /// Keeps what files hold, with their entities, in one transaction; doing it again changes
    /// nothing.
    ///
    /// - Throws: `.cancelled` where the location is gone.
    func keep(_ files: [ReadFile], of location: CatalogLocation) async throws(ProviderFault)

    /// Keeps how a look ended; what no file says any more becomes an orphan.
    ///
    /// `seen` are the targets of all files that are there; nil where not all of them could be
    /// looked for, so that nothing is known to be gone.
    func finish(
        _ status: LocationStatus,
        of location: CatalogLocation,
        seen: [String]?
    ) async throws(ProviderFault)
}

/// Where the repositories of targets are read.
package protocol LocationRepositories: Sendable {
    /// Brings the repository up to date and says where it is on this machine.
    ///
    /// `isTrusted` says whether the location itself names the repository: what only a file in it
    /// leads to is read as anybody reads it. `isAsked` says whether somebody waits for it: then it
    /// is tried also where it was too large before. `duration` is how long that may take.
    ///
    /// - Throws: `.refused` where it cannot be read on behalf of the tenant, nil being the
    ///   platform; `.transient` for what is nobody's fault who names repositories.
    func bring(
        _ target: LocationTarget,
        for tenant: TenantReference?,
        isTrusted: Bool,
        isAsked: Bool,
        within duration: Duration
    ) async throws(ProviderFault) -> String
}

/// A file as it was read before.
package struct KnownFile: Sendable, Equatable {
    /// The object that held its content.
    package var blob: String
    /// The targets that its entities of kind Location name.
    package var links: [String]
    /// Whether it must be read again although it is the same: an entity of it is free that was
    /// another's before.
    package var isDue: Bool

    /// Puts together the parts as they are.
    package init(blob: String, links: [String], isDue: Bool) {
        self.blob = blob
        self.links = links
        self.isDue = isDue
    }
}

/// A file as it was read now.
package struct ReadFile: Sendable, Equatable {
    /// An entity of the file.
    package struct Entry: Sendable, Equatable {
        /// The descriptor, with where people find it.
        package var entity: Entity
        /// The line on which it begins.
        package var line: Int
    }

    /// The target of this one file.
    package var target: LocationTarget
    /// The object that holds its content.
    package var blob: String
    /// The entities that are right.
    package var entries: [Entry]
    /// What is wrong with the others.
    package var problems: [CatalogFile.Problem]
    /// The targets that its entities of kind Location name.
    package var links: [String]
}
