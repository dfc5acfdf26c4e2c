import Testing

@testable import Domain

struct AccessTests {
    private let own = TenantID(high: 1, low: 1)
    private let other = TenantID(high: 1, low: 2)

    @Test(arguments: Role.allCases)
    func `a tenant's role needs a tenant and a platform role has none`(role: Role) {
        #expect((Access(role: role, tenant: own) != nil) == role.isTenantRole)
        #expect((Access(role: role, tenant: nil) != nil) == !role.isTenantRole)
    }

    @Test(arguments: Role.allCases.filter(\.isTenantRole), Permission.allCases)
    func `nobody of a tenant may do anything to another`(role: Role, permission: Permission) {
        let access = Access.tenant(own, role)
        #expect(!access.allows(permission, in: other))
        #expect(access.scope(for: permission) != .everything)
    }

    @Test(arguments: Permission.allCases)
    func `Slipway and its administrators may do everything`(permission: Permission) {
        #expect(Access.system.scope(for: permission) == .everything)
        #expect(Access.platform(.platformAdmin).scope(for: permission) == .everything)
    }

    @Test(arguments: [
        (Role.platformViewer, [Permission.readTenant, .readAudit, .pullRepository]),
        (.tenantAdmin, [.readTenant, .updateTenant, .manageTokens, .pushRepository, .readAudit]),
        (.developer, [.readTenant, .controlJobs, .pushRepository]),
        (.viewer, [.readTenant, .readJobs, .pullRepository]),
        (.ci, [.readTenant, .pushRepository]),
    ])
    func `each role may do its work`(role: Role, permissions: [Permission]) {
        #expect(role.permissions.isSuperset(of: permissions))
    }

    @Test(arguments: [Role.platformViewer, .viewer])
    func `a viewer changes nothing`(role: Role) {
        let changing: Set<Permission> = [
            .createTenant, .updateTenant, .suspendTenant, .deleteTenant, .controlJobs,
            .manageTokens, .manageBlueprints, .pushRepository, .changePlatform,
        ]
        #expect(role.permissions.isDisjoint(with: changing))
    }

    @Test(arguments: Role.allCases.filter { $0 != .platformAdmin })
    func `only an administrator makes, suspends and deletes tenants`(role: Role) {
        #expect(
            role.permissions.isDisjoint(with: [.createTenant, .suspendTenant, .deleteTenant])
        )
    }
}

struct JobStateTests {
    @Test(arguments: JobState.allCases)
    func `a final state has no successor and every other can be cancelled`(state: JobState) {
        #expect(state.isFinal == state.next.isEmpty)
        #expect(state.isFinal || state.next.contains(.cancelled))
        #expect(!state.next.contains(state))
    }

    @Test func `every state but the first is reached from it`() {
        var reached: Set<JobState> = [.available]
        var frontier = reached
        while !frontier.isEmpty {
            frontier = Set(frontier.flatMap(\.next)).subtracting(reached)
            reached.formUnion(frontier)
        }
        #expect(reached == Set(JobState.allCases))
    }
}

struct SortKeyTests {
    /// The order of SemVer §11, oldest first.
    private let ordered = [
        "0.0.1", "0.9.10", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
        "1.0.0-alpha-x", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
        "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0", "100.0.0",
    ]

    @Test func `sort keys are in the order of versions`() throws {
        let versions = try ordered.map { try #require(SemanticVersion($0)) }
        #expect(versions == versions.sorted())
        let keys = versions.map { Array($0.sortKey.utf8) }
        for (left, right) in zip(keys, keys.dropFirst()) {
            #expect(left.lexicographicallyPrecedes(right))
        }
    }
}
