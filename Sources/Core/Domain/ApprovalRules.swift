/// Who must agree before a roll-out into an environment begins.
package struct ApprovalRules: Sendable, Hashable {
    /// The most people who can be asked for.
    package static let requiredMax = 10
    /// How long a request waits where nobody says.
    package static let lapseUsual: Duration = .seconds(72 * 3_600)
    /// How long a request may wait.
    package static let lapseMax: Duration = .seconds(30 * 86_400)
    /// Who may approve in any case.
    package static let admins: Set<Role> = [.tenantAdmin, .platformAdmin]
    /// The most groups whose members may approve.
    package static let groupsMax = 20
    /// Who may be allowed to approve beside them.
    package static let others: [Role] = [.developer, .ci]

    /// How many people; 0 for none.
    package var required: Int
    /// Who may approve beside the admins.
    package var roles: Set<Role>
    /// The groups whose members may approve, whatever their role, each once.
    package var groups: [GroupName]
    /// Whether whoever asked for the roll-out may not approve it.
    package var fourEyes: Bool
    /// How long a request waits before it is given up.
    package var lapse: Duration

    /// That many of those people.
    package init(
        required: Int,
        roles: Set<Role> = [],
        groups: [GroupName] = [],
        fourEyes: Bool = true,
        lapse: Duration = lapseUsual
    ) {
        self.required = required
        self.roles = roles
        self.groups = groups
        self.fourEyes = fourEyes
        self.lapse = lapse
    }

    /// Whether somebody may approve.
    func admits(_ who: RollOutActor) -> Bool {
        guard let role = who.role else { return false }
        return Self.admins.contains(role) || roles.contains(role)
            || groups.contains(where: who.groups.contains)
    }

    /// Everybody who may approve, in words, the most powerful first.
    package var approvers: [String] {
        Role.allCases.filter { Self.admins.contains($0) || roles.contains($0) }.map(\.rawValue)
            + groups.map { "members of \($0)" }
    }

    var faults: [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func refuse(_ member: String, unless isRight: Bool, _ code: String, _ detail: String) {
            guard !isRight else { return }
            faults.append(EnvironmentFault(.spec(["approvals", member]), code, detail))
        }
        refuse(
            "required",
            unless: (0...Self.requiredMax).contains(required),
            "out-of-range",
            "Expected 0 to \(Self.requiredMax) people."
        )
        refuse(
            "roles",
            unless: roles.subtracting(Self.admins).isSubset(of: Self.others),
            "unknown-value",
            "Admins approve anyway; beside them, developer and ci may."
        )
        refuse(
            "groups",
            unless: groups.count <= Self.groupsMax && Set(groups).count == groups.count,
            "out-of-range",
            "Expected at most \(Self.groupsMax) groups, each once."
        )
        refuse(
            "expiresAfter",
            unless: lapse >= EnvironmentLimits.shortest && lapse <= Self.lapseMax,
            "out-of-range",
            "Expected between \(EnvironmentLimits.shortest.lengthText) and "
                + "\(Self.lapseMax.lengthText)."
        )
        return faults
    }
}

extension EnvironmentSpec {
    /// Whether admins have set rules for it that others are held to.
    package var isGoverned: Bool { (approvals?.required ?? 0) > 0 || freeze != nil }
}

/// Who does something to a roll-out, as far as it matters who it is.
package struct RollOutActor: Sendable, Hashable {
    /// The name, as records show it.
    package var name: String
    /// The token; nil for Slipway itself.
    package var token: TokenID?
    /// What the token may do; nil for Slipway itself.
    package var role: Role?
    /// The groups that they are in.
    package var groups: Set<GroupName>

    /// Somebody of that name with that token.
    package init(
        name: String,
        token: TokenID? = nil,
        role: Role? = nil,
        groups: Set<GroupName> = []
    ) {
        self.name = name
        self.token = token
        self.role = role
        self.groups = groups
    }

    /// Whether both are the same person, as far as anybody can tell: two tokens of one name may
    /// well be in one hand.
    func isSame(as name: String, _ token: TokenID?) -> Bool {
        self.name == name || self.token != nil && self.token == token
    }
}
