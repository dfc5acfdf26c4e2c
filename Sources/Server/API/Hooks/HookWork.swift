package import Domain
import JSON
import Secrets
package import Storage

/// Does what a delivery asks for, by the same decisions as everybody else's calls.
///
/// May be done again at any point: what stands as the delivery wants it is left as it is.
package struct HookWork: Sendable {
    /// What came of it.
    package enum Progress: Sendable, Equatable {
        /// The delivery is handled; this is what the job keeps of it.
        case done(HookDelivery.State, String)
        /// It cannot be handled before something else has ended.
        case waiting(on: String)
    }

    /// How often a decision is made anew while others change the same environment.
    private static let attemptsMax = 16

    private let means: EnvironmentMeans
    private let clock: @Sendable () -> Instant
    private let jobStored: @Sendable () -> Void
    private let changed: @Sendable () -> Void

    /// Work with those stores.
    ///
    /// `jobStored` and `changed` are told after work for others was stored: for the workers, and
    /// for those who report to forges.
    package init(
        storage: Storage,
        git: APIGit,
        environments: APIEnvironments,
        clock: @escaping @Sendable () -> Instant,
        jobStored: @escaping @Sendable () -> Void,
        changed: @escaping @Sendable () -> Void
    ) {
        means = EnvironmentMeans(storage: storage, git: git, environments: environments)
        self.clock = clock
        self.jobStored = jobStored
        self.changed = changed
    }

    /// Handles the delivery.
    ///
    /// - Throws: `StorageFault` and others that pass; what is refused is written down.
    package func handle(_ id: HookDeliveryID) async throws -> Progress {
        guard let hook = try await means.storage.hooks.open(id) else {
            return .done(.ignored, "The delivery was handled before.")
        }
        if let reason = hook.supersession {
            return try await finish(hook, .superseded, reason, thread: hook.passed())
        }
        let event = hook.delivery.event
        switch hook.source.action(for: event, known: hook.thread) {
        case .nothing(let reason):
            return try await finish(hook, .ignored, reason, thread: nil)
        case .refuse(let reason): return try await refuse(hook, reason)
        case .hold:
            var thread = hook.told()
            thread.isHeld = true
            return try await finish(hook, .held, hook.holdReason, thread: thread)
        case .delete(let name): return try await delete(hook.known ?? name, hook)
        case .refresh(let first, let order):
            let name = hook.known ?? first
            do {
                return try await refresh(name, order, hook)
            } catch StorageFault.stale {
                throw StorageFault.stale(current: 0)  // Others were faster; the job tries again.
            } catch {
                let problem = Problem(explaining: error)
                guard problem.kind.isCallers, problem.kind != .notFound else { throw error }
                return try await refuse(hook, problem.sentences, environment: name)
            }
        }
    }

    private func refresh(
        _ first: EnvironmentName,
        _ order: EnvironmentOrder,
        _ hook: HookCase
    ) async throws -> Progress {
        let source = hook.source
        var name = first
        guard let owner = try await means.storage.tenants.find(source.tenant.id, as: .system) else {
            return try await refuse(hook, "The tenant is gone.")
        }
        let tenant = try owner.tenant()
        guard tenant.status.phase != .deleting else { throw EnvironmentRefusal.tenantIsDeleting }
        for _ in 0..<Self.attemptsMax {
            let found = try await means.storage.environments.find(
                name,
                of: tenant.name,
                as: .system
            )
            if let environment = try found?.environment() {
                if let other = hook.other, name != other, hook.isOthers(environment) {
                    name = other
                    continue
                }
                if environment.status.phase == .deleting {
                    return .waiting(on: "the deletion of the environment \(name)")
                }
                guard environment.mayBelong(to: hook.ownSource) else {
                    return try await refuse(
                        hook,
                        "The environment \(name) is there already and belongs to something else.",
                        environment: name
                    )
                }
            }
            do {
                try await roll(out: order, to: found, name, of: tenant, hook)
                return try await finish(hook, .done, hook.refreshReason, on: name)
            } catch StorageFault.stale, StorageFault.nameTaken {
                continue
            }
        }
        throw StorageFault.stale(current: 0)
    }

    private func roll(
        out order: EnvironmentOrder,
        to stored: StoredEnvironment?,
        _ name: EnvironmentName,
        of tenant: Tenant,
        _ hook: HookCase
    ) async throws {
        let scene = try await EnvironmentScene(for: tenant, means)
        var random = SecureRandom()
        let now = clock()
        let occasion = Occasion(at: now, using: &random)
        let request = RollOutRequest(
            id: DeploymentID(at: now, using: &random),
            by: RollOutActor(name: hook.source.actor),
            origin: .hook(delivery: hook.delivery.id.description),
            hurdles: RollOutHurdles(zones: means.environments.zones, freeze: tenant.spec.freeze)
        )
        let call = call(for: hook, at: now)
        let zones = means.environments.zones
        if let stored {
            let current = try stored.environment()
            var order = order
            // A forge knows nothing of them, and leaving them out would take them away.
            order.rest.dependencies = current.spec.dependencies
            let decision = try current.refresh(
                labels: current.labels,
                order: try scene.complete(order, of: current),
                request: request,
                in: scene.surroundings,
                on: occasion
            )
            _ = try await means.storage.environments.store(
                decision,
                permission: .updateEnvironment,
                replacing: stored.revision,
                in: zones,
                for: call
            )
            if decision.job != nil { jobStored() }
            return
        }
        let decision = try Environment.creation(
            id: EnvironmentID(at: now, using: &random),
            name: name,
            of: tenant.id,
            named: tenant.name,
            labels: Labels(),
            order: try scene.complete(order),
            request: request,
            in: scene.surroundings,
            on: occasion
        )
        _ = try await means.storage.environments.create(decision, in: zones, for: call)
        jobStored()
    }

    private func delete(_ name: EnvironmentName, _ hook: HookCase) async throws -> Progress {
        let store = means.storage.environments
        for _ in 0..<Self.attemptsMax {
            guard let stored = try await store.find(name, of: hook.tenantName, as: .system) else {
                return try await finish(hook, .done, "There is no environment.", on: name)
            }
            let environment = try stored.environment()
            guard environment.belongs(to: hook.ownSource), environment.spec.type == .ephemeral
            else {
                let reason = "The environment \(name) belongs to something else and stays."
                return try await finish(hook, .ignored, reason, on: name)
            }
            var random = SecureRandom()
            let now = clock()
            do {
                let decision = try environment.deletion(
                    by: hook.source.actor,
                    // Admins alone make sources.
                    governs: true,
                    on: Occasion(at: now, using: &random)
                )
                if let decision {
                    _ = try await store.store(
                        decision,
                        permission: .deleteEnvironment,
                        replacing: stored.revision,
                        in: means.environments.zones,
                        for: call(for: hook, at: now)
                    )
                    jobStored()
                }
                return try await finish(hook, .done, "The environment goes.", on: name)
            } catch StorageFault.stale {
                continue
            } catch let refusal as EnvironmentRefusal {
                let reason = Problem(explaining: refusal).sentences
                return try await refuse(hook, reason, environment: name)
            }
        }
        throw StorageFault.stale(current: 0)
    }

    /// What is noted of the change: the source made it, and nobody's token.
    private func call(for hook: HookCase, at moment: Instant) -> Call {
        Call(
            access: .system,
            token: nil,
            actor: hook.source.actor,
            operation: "receiveHook",
            peer: "forge",
            requestID: hook.delivery.id.description,
            at: moment
        )
    }

    private func refuse(
        _ hook: HookCase,
        _ reason: String,
        environment: EnvironmentName? = nil
    ) async throws -> Progress {
        var thread = hook.told()
        thread.refusal = reason
        thread.environment = environment ?? thread.environment
        return try await finish(hook, .refused, reason, thread: thread)
    }

    private func finish(
        _ hook: HookCase,
        _ state: HookDelivery.State,
        _ outcome: String,
        on environment: EnvironmentName
    ) async throws -> Progress {
        var thread = hook.told()
        thread.environment = environment
        return try await finish(hook, state, outcome, thread: thread)
    }

    private func finish(
        _ hook: HookCase,
        _ state: HookDelivery.State,
        _ outcome: String,
        thread: SourceThread?
    ) async throws -> Progress {
        var delivery = hook.delivery
        delivery.state = state
        delivery.outcome = outcome
        delivery.environment = thread?.environment
        try await means.storage.hooks.finish(
            delivery,
            of: hook.source.id,
            thread: thread,
            at: clock()
        )
        changed()
        return .done(state, outcome)
    }
}

extension HookCase {
    /// Why newer news take its place; nil where it is the newest.
    fileprivate var supersession: String? {
        if let lateness = thread.lateness(of: delivery.event) { return lateness }
        return newer.map { "Delivery \($0) tells of a later state and is handled instead." }
    }

    /// What is known of the pull request or branch once this is handled.
    fileprivate func told() -> SourceThread {
        var next = thread.told(delivery.event)
        next.isHeld = false
        next.refusal = nil
        return next
    }

    /// What is known where the news are not handled for being old.
    fileprivate func passed() -> SourceThread? {
        var next = thread
        next.remember(delivery.event)
        return next == thread ? nil : next
    }

    /// What an environment of the pull request or branch is made from.
    fileprivate var ownSource: EnvironmentSource {
        switch delivery.event.subject {
        case .pullRequest(let news):
            EnvironmentSource(
                repository: Source.page(news.repositoryURL),
                pullRequest: news.number
            )
        case .branch(let news):
            EnvironmentSource(
                repository: Source.page(news.repositoryURL),
                ref: "refs/heads/\(news.name)"
            )
        case .ping, .other: EnvironmentSource()
        }
    }

    /// What its environment is called where another branch came to the name first; nil where the
    /// rules do not go by branches.
    fileprivate var other: EnvironmentName? { source.otherName(for: delivery.event) }

    /// That name, where its environment is called so by now.
    fileprivate var known: EnvironmentName? {
        other.flatMap { $0 == thread.environment ? $0 : nil }
    }

    /// Whether the environment is another branch's, or another pull request's.
    fileprivate func isOthers(_ environment: Environment) -> Bool {
        !environment.mayBelong(to: ownSource) || environment.isOfAnotherBranch(than: ownSource)
    }

    fileprivate var tenantName: TenantName {
        // A name was checked when it was stored.
        (try? TenantName(parsing: source.tenant.name)) ?? TenantName("unreadable")
    }

    fileprivate var refreshReason: String {
        "The environment is brought to \(told().shortRevision)."
    }

    fileprivate var holdReason: String {
        let path = "/v1/tenants/\(source.tenant.name)/sources/\(source.name)"
        let number = ownSource.pullRequest ?? 0
        return "The pull request is from a fork. Look at \(told().shortRevision), then approve it "
            + "with POST \(path)/pull-requests/\(number):approve."
    }
}

extension SourceThread {
    fileprivate var shortRevision: String { revision.map { String($0.prefix(8)) } ?? "its end" }
}

extension Problem {
    /// What is wrong, all of it, as text for people.
    fileprivate var sentences: String {
        faults.isEmpty ? detail : faults.map(\.detail).joined(separator: " ")
    }
}
