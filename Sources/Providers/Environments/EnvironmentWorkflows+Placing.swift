import Contract
import Domain
import Drivers
import Folders
import JSON

extension EnvironmentWorkflows {
    /// Decides where the environment runs and what it is made from.
    func resolve(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let task = try EnvironmentTask(reading: context.desired)
        let environment = try await environment(context)
        guard let deployment = task.deployment, isOpen(task, environment)
        else { return .done(Evidence(["idle": true])) }
        let name = task.spec.placement.cluster(of: environment.name)
        guard let tenant = try await records.tenant(environment.tenant) else {
            throw .refused(reason: "the tenant is gone")
        }
        let cluster = try await site(name, of: environment)
        if tenant.spec.suspended {
            return waiting(
                context,
                for: "tenant \(tenant.name) to be resumed",
                releasedBy: "whoever resumes the tenant"
            )
        }
        if let hold = cluster.hold {
            return waiting(context, for: hold.on, releasedBy: hold.releasedBy)
        }
        if let obstacle = try cluster.obstacle() {
            return try await waiting(context, out: obstacle)
        }
        guard let repository = tenant.repository else {
            return try await waiting(
                context,
                out: .away(
                    reason: "tenant \(tenant.name) has no platform repository yet",
                    releasedBy: "the tenant's own job",
                    retryAfter: .zero
                )
            )
        }
        let taken: [TakenDependency]
        switch try await taking(task.spec, of: environment, context) {
        case .everything(let found): taken = found
        case .nothing(let wait): return wait
        }
        let resolved = ResolvedEnvironment(
            cluster: name,
            namespace: Self.namespace(of: environment.name, in: cluster),
            host: host(of: environment.name, tenant.name),
            blueprint: tenant.spec.blueprint.name,
            commit: repository.baseCommit,
            taken: taken,
            deadline: clock().advanced(by: task.spec.readiness.deadline)
        )
        return .done(
            Evidence(
                resolved.findings,
                facts: [
                    .deploymentBegun(deployment),
                    .environmentPlaced(cluster: name, namespace: resolved.namespace),
                ] + took(taken, by: deployment, task)
            )
        )
    }

    /// The host name at which an environment answers.
    func host(of environment: EnvironmentName, _ tenant: TenantName) -> String {
        "\(environment).\(tenant).\(domain)"
    }

    /// The namespace of an environment: its own, or that which the cluster is.
    static func namespace(of environment: EnvironmentName, in cluster: Cluster) -> String {
        cluster.spec.kind == .namespace ? cluster.slug.namespace : environment.namespace
    }

    /// Makes the namespace, or finds it made.
    func place(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        guard work.place.cluster.spec.kind != .namespace else { return .done(placed(work)) }
        let namespace = FolderNamespace(
            work.resolved.namespace,
            for: .environment(work.environment.name),
            in: work.place.wish,
            through: try await work.place.guest()
        )
        if let wait = try await namespace.make(security: .baseline, context) {
            return try waiting(context, work, for: wait.on, releasedBy: wait.releasedBy)
        }
        return .done(placed(work))
    }

    private func placed(_ work: EnvironmentWork) -> Evidence {
        let (cluster, namespace) = (work.resolved.cluster, work.resolved.namespace)
        return Evidence(
            ["namespace": .string(namespace)],
            facts: [
                .condition(
                    type: "Placed",
                    status: .true,
                    reason: "Placed",
                    message: "It is in namespace \(namespace) of cluster \(cluster).",
                    generation: work.task.generation
                )
            ]
        )
    }
}
