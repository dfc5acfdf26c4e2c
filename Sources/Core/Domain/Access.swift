/// What a caller may see and do; every function of Storage takes one and filters by it.
package enum Access: Sendable, Hashable {
    /// Slipway itself: workers, retention, start-up. Never made from a request.
    case system
    /// A role on the whole platform.
    case platform(Role)
    /// A role in one tenant; everything else does not exist for the caller.
    case tenant(TenantID, Role)
    /// What a trust of one tenant lets a pipeline do.
    case pipeline(TenantID, PipelineGrant)

    /// The access of a role, nil where a tenant's role names no tenant or a platform role does.
    package init?(role: Role, tenant: TenantID?, grant: PipelineGrant? = nil) {
        if let grant {
            guard let tenant else { return nil }
            self = .pipeline(tenant, grant)
            return
        }
        switch (role.isTenantRole, tenant) {
        case (true, .some(let tenant)): self = .tenant(tenant, role)
        case (false, .none): self = .platform(role)
        default: return nil
        }
    }

    /// Whether the caller may do this at all, in the scope that it has.
    package func allows(_ permission: Permission) -> Bool {
        switch self {
        case .system: true
        case .platform(let role), .tenant(_, let role): role.permissions.contains(permission)
        case .pipeline(_, let grant): grant.permissions.contains(permission)
        }
    }

    /// The tenant to which the caller is confined; nil where it is not.
    package var tenant: TenantID? {
        switch self {
        case .system, .platform: nil
        case .tenant(let tenant, _), .pipeline(let tenant, _): tenant
        }
    }

    /// What a pipeline is held to beside its permissions; nil for everybody else.
    package var grant: PipelineGrant? {
        if case .pipeline(_, let grant) = self { grant } else { nil }
    }

    /// Whether the caller may do this to that tenant.
    package func allows(_ permission: Permission, in tenant: TenantID) -> Bool {
        if let own = self.tenant, own != tenant { return false }
        return allows(permission)
    }

    /// The rows that the caller may do this to.
    package func scope(for permission: Permission) -> Scope {
        guard allows(permission) else { return .nothing }
        return switch self {
        case .system, .platform: .everything
        case .tenant(let tenant, _), .pipeline(let tenant, _): .tenant(tenant)
        }
    }

    /// Which rows a caller may touch.
    package enum Scope: Sendable, Hashable {
        case everything
        case tenant(TenantID)
        case nothing
    }
}

/// Who makes a request: the token it came with, and what that token may do.
package struct Principal: Sendable, Hashable {
    /// The token that was shown.
    package let token: TokenID
    /// The token's name, for the audit log.
    package let name: String
    /// What the token may do, within its scope.
    package let role: Role
    /// The tenant of a tenant's role; nil for a role on the platform.
    package let tenant: TenantID?
    /// The groups that the caller is in.
    package let groups: Set<GroupName>
    /// What the caller may see and do.
    package let access: Access
    /// When the token stops working; nil where it never does.
    package let expiresAt: Instant?

    /// A principal, nil where role and tenant do not go together.
    package init?(
        token: TokenID,
        name: String,
        role: Role,
        tenant: TenantID?,
        groups: Set<GroupName> = [],
        expiresAt: Instant?,
        grant: PipelineGrant? = nil
    ) {
        guard let access = Access(role: role, tenant: tenant, grant: grant) else { return nil }
        self.groups = groups
        self.token = token
        self.name = name
        self.role = role
        self.tenant = tenant
        self.access = access
        self.expiresAt = expiresAt
    }
}
