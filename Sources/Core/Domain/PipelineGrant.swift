/// What the token of a pipeline may do, as its trust said when the token was given.
///
/// It stays as it is while the token works: a trust that changes revokes its tokens.
package struct PipelineGrant: Sendable, Hashable {
    /// What a trust gives at most: to make, change and take down environments, and to look at them.
    ///
    /// Neither the repository of the tenant nor its clusters: whoever can write there is held to
    /// no limit.
    package static let permissionsMost: Set<Permission> = [
        .readTenant, .readJobs, .readEvents, .readEnvironments, .createEnvironment,
        .updateEnvironment, .deleteEnvironment, .readLogs,
    ]

    /// The trust.
    package var trust: TrustID
    /// Its name.
    package var name: TrustName
    /// The repository as environments name it in `spec.source.repository`; nil where the trust is
    /// for none: then only what the trust made itself is within reach.
    package var repository: String?
    /// What may be done at all.
    package var permissions: Set<Permission>
    /// With environments of these types.
    package var environmentTypes: [EnvironmentType]
    /// The most environments that the trust has made at once.
    package var environmentsMax: Int
    /// How far ahead the end of an environment may be.
    package var ttlMax: Duration
    /// Names of environments that others may be made to depend on although the trust does not reach
    /// them.
    package var dependencies: [Wildcard]
    /// Names of offerings that environments may order.
    package var offerings: [Wildcard]

    /// Puts together what may be done.
    package init(
        trust: TrustID,
        name: TrustName,
        repository: String?,
        permissions: Set<Permission> = permissionsMost,
        environmentTypes: [EnvironmentType],
        environmentsMax: Int,
        ttlMax: Duration,
        dependencies: [Wildcard] = [],
        offerings: [Wildcard] = []
    ) {
        self.trust = trust
        self.name = name
        self.repository = repository
        self.permissions = permissions
        self.environmentTypes = environmentTypes
        self.environmentsMax = environmentsMax
        self.ttlMax = ttlMax
        self.dependencies = dependencies
        self.offerings = offerings
    }
}

/// What a grant is judged by of an environment that is there.
package struct GrantedEnvironment: Sendable, Hashable {
    /// What it is for.
    package var type: EnvironmentType
    /// The repository that it says it is made from.
    package var repository: String?
    /// The trust that made it; nil where a person or a hook did.
    package var trust: TrustID?
    /// When it ends; nil for never.
    package var expiresAt: Instant?

    /// An environment of that type, from there, until then.
    package init(
        type: EnvironmentType,
        repository: String?,
        trust: TrustID?,
        expiresAt: Instant?
    ) {
        self.type = type
        self.repository = repository
        self.trust = trust
        self.expiresAt = expiresAt
    }
}

extension PipelineGrant {
    /// Why the pipeline may not bring an environment from what it is to that, as a sentence; nil
    /// where it may.
    package func refusal(
        of next: Environment,
        from before: GrantedEnvironment?,
        at moment: Instant
    ) -> String? {
        if let before {
            if let refusal = refusal(of: before) { return refusal }
            if next.status.phase == .deleting { return nil }
        }
        if let refusal = refusal(of: next.spec.type) { return refusal }
        if case .own = next.spec.placement, before == nil {
            return "A trust makes no clusters; name one of the tenant's in `spec.placement`, or "
                + "none."
        }
        if let repository, next.spec.source?.repository.flatMap(Self.source) != repository {
            return "`spec.source.repository` must stay \(repository), the repository of the trust "
                + "`\(name)`; leave it out and it is filled in."
        }
        let isEndless = before.map { $0.expiresAt == nil } ?? false
        if isEndless, next.status.expiry == nil { return nil }
        return refusal(ofEnd: next.status.expiry?.at, before?.expiresAt, at: moment)
    }

    /// Why the pipeline has no business with the environment at all, as a sentence; nil where it
    /// has.
    package func refusal(of environment: GrantedEnvironment) -> String? {
        if let refusal = refusal(of: environment.type) { return refusal }
        if isOwn(environment) { return nil }
        return "The environment is not of \(subject); the trust `\(name)` reaches no other."
    }

    /// Why the pipeline may not make an environment depend on that one, as a sentence; nil where it
    /// may: depending on it reads what it says of itself, wakes it, and keeps it from going.
    package func refusal(
        ofDependencyOn name: String,
        _ environment: GrantedEnvironment
    ) -> String? {
        if dependencies.contains(where: { $0.matches(name) }) { return nil }
        guard refusal(of: environment) != nil else { return nil }
        return "The trust `\(self.name)` lets nothing depend on the environment `\(name)`. A "
            + "tenant-admin names it in the trust's `dependencies`."
    }

    /// Why the pipeline may not order an offering for an environment, or change what is ordered, as
    /// a sentence; nil where it may.
    package func refusal(ofOrderOf offering: OfferingName) -> String? {
        if offerings.contains(where: { $0.matches(offering.text) }) { return nil }
        return "The trust `\(name)` lets no environment order `\(offering)`. A tenant-admin names "
            + "it in the trust's `offerings`."
    }

    private func refusal(of type: EnvironmentType) -> String? {
        if environmentTypes.contains(type) { return nil }
        let types = environmentTypes.map(\.rawValue).joined(separator: ", ")
        return "The trust `\(name)` is for environments of the type \(types), not "
            + "\(type.rawValue). A person must do this, or a tenant-admin widens the trust."
    }

    /// What somebody else put off stays put off.
    private func refusal(
        ofEnd end: Instant?,
        _ before: Instant?,
        at moment: Instant
    ) -> String? {
        let latest = moment.advanced(by: ttlMax)
        if let end, end <= latest { return nil }
        if let end, let before, end <= before { return nil }
        return "The environment would end \(end.map(\.description) ?? "never"); the trust "
            + "`\(name)` lets it stay \(ttlMax.lengthText) at most. Send a shorter "
            + "`spec.lifetime.ttl`, or none."
    }

    private func isOwn(_ environment: GrantedEnvironment) -> Bool {
        guard let repository else { return environment.trust == trust }
        return environment.repository.flatMap(Self.source) == repository
    }

    private var subject: String { repository ?? "this trust" }

    /// An address of a repository in the one form in which two of them are compared: `https`,
    /// lower case, without `.git` and without a slash at the end; nil where it is none.
    package static func source(_ url: String) -> String? {
        var text = url.lowercased()
        guard text.hasPrefix("https://"), !text.contains("@"), !text.contains(where: \.isWhitespace)
        else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        if text.hasSuffix(".git") { text.removeLast(4) }
        return text.utf8.count > "https://".utf8.count ? text : nil
    }

    /// The order with what the trust knows better: whose source it is, and how long it stays where
    /// the caller says nothing.
    ///
    /// What is there and has no end gets none.
    package func filling(
        _ order: EnvironmentOrder,
        of current: Environment? = nil
    ) -> EnvironmentOrder {
        var order = order
        if let repository, order.rest.source?.repository == nil {
            var source = order.rest.source ?? EnvironmentSource()
            source.repository = repository
            order.rest.source = source
        }
        guard current == nil || current?.status.expiry != nil else { return order }
        let usual = EnvironmentLimits.ephemeral.ttl.map { Swift.min($0, ttlMax) } ?? ttlMax
        order.rest.lifetime.ttl = order.rest.lifetime.ttl ?? usual
        return order
    }
}
