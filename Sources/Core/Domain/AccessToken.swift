/// What is known of a bearer token; the secret itself is shown once and never kept.
package struct AccessToken: Sendable, Equatable {
    /// How long a token works when the caller asks for nothing else: 90 days.
    package static let lifetimeDefault = Duration.seconds(90 * 86_400)
    /// The longest that a token may work: 366 days.
    package static let lifetimeMax = Duration.seconds(366 * 86_400)
    /// The most bytes of a token's name.
    package static let nameLengthMax = 100
    /// The most groups that a token is in.
    package static let groupsMax = 20

    /// The identity of the token, or of the tenant that is meant.
    package var id: TokenID
    /// What the token is for, in the words of whoever made it.
    package var name: String
    /// What selectors find the token by.
    package var labels: Labels
    /// The first characters of the secret, by which its owner recognises it.
    package var prefix: String
    /// What the token may do, within its scope.
    package var role: Role
    /// The tenant and its name, for a tenant's role.
    package var tenant: TenantReference?
    /// The groups that whoever holds the token is in, each once.
    package var groups: [GroupName]
    /// When it was made.
    package var createdAt: Instant
    /// The name of the principal that made the token.
    package var createdBy: String
    /// When the token stops working; nil where it never does.
    package var expiresAt: Instant?
    /// When the token was last used, to the minute; nil where it never was.
    package var lastUsedAt: Instant?
    /// When the token was revoked; nil while it was not.
    package var revokedAt: Instant?
    /// Goes up with every change; the token's `ETag`.
    package var revision: Int64

    /// Puts together what is known.
    package init(
        id: TokenID,
        name: String,
        labels: Labels = Labels(),
        prefix: String,
        role: Role,
        tenant: TenantReference?,
        groups: [GroupName] = [],
        createdAt: Instant,
        createdBy: String,
        expiresAt: Instant?,
        lastUsedAt: Instant? = nil,
        revokedAt: Instant? = nil,
        revision: Int64 = 1
    ) {
        self.id = id
        self.name = name
        self.labels = labels
        self.prefix = prefix
        self.role = role
        self.tenant = tenant
        self.groups = groups
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
        self.revision = revision
    }
}

/// People who decide on something together, such as release managers.
package enum Group {}
/// The name of a group; whoever makes tokens says who is in it.
package typealias GroupName = ResourceName<Group>

/// A tenant by id and name, as other things mention it.
package struct TenantReference: Sendable, Hashable {
    /// The identity of the token, or of the tenant that is meant.
    package var id: TenantID
    /// The name under which the tenant is known.
    package var name: String

    /// Puts together what is known.
    package init(id: TenantID, name: String) {
        self.id = id
        self.name = name
    }
}
