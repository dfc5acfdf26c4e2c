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
    /// Who may be allowed to approve beside them.
    package static let others: [Role] = [.developer, .ci]

    /// How many people; 0 for none.
    package var required: Int
    /// Who may approve beside the admins.
    package var roles: Set<Role>
    /// Whether whoever asked for the roll-out may not approve it.
    package var fourEyes: Bool
    /// How long a request waits before it is given up.
    package var lapse: Duration

    /// That many of those people.
    package init(
        required: Int,
        roles: Set<Role> = [],
        fourEyes: Bool = true,
        lapse: Duration = lapseUsual
    ) {
        self.required = required
        self.roles = roles
        self.fourEyes = fourEyes
        self.lapse = lapse
    }

    /// Everybody who may approve, the most powerful first.
    package var approvers: [Role] {
        Role.allCases.filter { Self.admins.contains($0) || roles.contains($0) }
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
            "expiresAfter",
            unless: lapse >= EnvironmentLimits.shortest && lapse <= Self.lapseMax,
            "out-of-range",
            "Expected between \(EnvironmentLimits.shortest.lengthText) and "
                + "\(Self.lapseMax.lengthText)."
        )
        return faults
    }
}

/// Who does something to a roll-out, as far as it matters who it is.
package struct RollOutActor: Sendable, Hashable {
    /// The name, as records show it.
    package var name: String
    /// The token; nil for Slipway itself.
    package var token: TokenID?
    /// What the token may do; nil for Slipway itself.
    package var role: Role?

    /// Somebody of that name with that token.
    package init(name: String, token: TokenID? = nil, role: Role? = nil) {
        self.name = name
        self.token = token
        self.role = role
    }

    /// Whether both are the same person, as far as anybody can tell: two tokens of one name may
    /// well be in one hand.
    func isSame(as name: String, _ token: TokenID?) -> Bool {
        self.name == name || self.token != nil && self.token == token
    }
}
