import Contract
import Domain
import EventLoop
import Git
import GitOps
import JSON
import Kubernetes

/// Runs one job of a cluster to its end, with every process that works on it ended at every point
/// where something has just been changed, or is just about to be.
struct ClusterTrial: Sendable {
    /// Times that a step may wait.
    private static let waitsMax = 400
    /// The changes of one run of a step at which a process is ended: the first ones, and some of
    /// those that are many.
    private static let kills = [0, 1, 2, 4, 8, 16]

    let bench: ClusterBench
    let kind: JobKind
    let number: UInt64

    /// What went wrong, in sentences; empty where nothing did.
    func faults() async throws -> [String] {
        var faults: [String] = []
        var observed: [String: JSON] = [:]
        for name in bench.workflow(kind).steps.map(\.name) {
            var outcome = await killed(name, observed, &faults)
            var waits = 0
            while case .waiting(let wait, _) = outcome {
                waits += 1
                guard waits < Self.waitsMax else {
                    return faults + ["\(name) waits for ever for \(wait.on)"]
                }
                try await bench.turn()
                if bench.isReal { try await EventLoop.current?.sleep(for: .milliseconds(50)) }
                outcome = await killed(name, observed, &faults)
            }
            guard case .done = outcome else { return faults + ["\(name) ended \(outcome)"] }
            let before = try await bench.world()
            // The result was not written down: another process does the step once more.
            let again = await run(name, observed, process: 1)
            guard case .done(let evidence) = again else {
                return faults + ["\(name), done already, ended \(again)"]
            }
            let after = try await bench.world()
            if before != after {
                let changed = before.symmetricDifference(after).sorted()
                faults.append("\(name) run twice looks different: \(changed)")
            }
            observed[name] = .object(evidence.findings)
            bench.records.take(evidence.facts, of: bench.cluster)
        }
        return faults
    }

    /// How the step ends once nobody ends its process any more.
    private func killed(
        _ name: String,
        _ observed: [String: JSON],
        _ faults: inout [String]
    ) async -> Outcome {
        for count in Self.kills {
            for moment in [KillSwitch.Moment.before, .after] {
                bench.life.arm(after: count, moment)
                let outcome = await run(name, observed, process: count % 2)
                guard bench.life.disarm() else { return outcome }
                switch outcome {
                case .stalled(let reason):
                    faults.append("\(name), ended at change \(count), stalls: \(reason)")
                case .done, .transient, .waiting: break
                }
            }
        }
        return await run(name, observed)
    }

    func run(
        _ name: String,
        _ observed: [String: JSON],
        process: Int = 0
    ) async -> Outcome {
        guard
            let step = bench.workflow(kind, process: process).steps.first(where: { $0.name == name }
            ),
            let cluster = try? await bench.current  // Without one there is no step either.
        else { return .stalled(reason: "no such step or cluster") }
        let context = StepContext(
            job: JobID(high: number, low: 1),
            subject: cluster.reference,
            tenant: cluster.tenant,
            step: name,
            attempt: process + 1,
            desired: .object(JSONObject()),
            observed: observed,
            log: SilentLog(),
            cancellation: Wanted()
        )
        do throws(ProviderFault) {
            return try await step.run(context)
        } catch {
            return error.outcome
        }
    }
}

/// How far a job has come.
struct Progress: Sendable {
    /// What the steps that are done left behind.
    var observed: [String: JSON] = [:]
    /// The step at which it stopped; nil where all are done.
    var step: String?
    /// How that ended.
    var outcome: Outcome = .done

    /// What it waits on.
    var wait: Wait? {
        guard case .waiting(let wait, _) = outcome else { return nil }
        return wait
    }
}

extension ClusterBench {
    /// Runs a job until it is done, or has waited that many turns, or cannot go on.
    @discardableResult
    func run(
        _ kind: JobKind,
        _ number: UInt64,
        from start: Progress = Progress(),
        turns: Int = 100
    ) async throws -> Progress {
        let trial = ClusterTrial(bench: self, kind: kind, number: number)
        var progress = start
        for name in workflow(kind).steps.map(\.name) where progress.observed[name] == nil {
            progress.step = name
            progress.outcome = await trial.run(name, progress.observed)
            var left = turns
            while case .waiting = progress.outcome, left > 0 {
                left -= 1
                try await turn()
                progress.outcome = await trial.run(name, progress.observed)
            }
            guard case .done(let evidence) = progress.outcome else { return progress }
            progress.observed[name] = .object(evidence.findings)
            records.take(evidence.facts, of: cluster)
        }
        progress.step = nil
        return progress
    }
}

extension ClusterBench {
    /// Kinds that are looked at from outside.
    private static let kinds: [GroupKind] = [
        GroupKind(kind: "ResourceQuota"), GroupKind(kind: "LimitRange"),
        GroupKind(kind: "ServiceAccount"), GroupKind(kind: "Secret"), GroupKind(kind: "Service"),
        GroupKind(kind: "Pod"), GroupKind(group: "apps", kind: "StatefulSet"),
        GroupKind(group: "networking.k8s.io", kind: "NetworkPolicy"),
        GroupKind(group: "rbac.authorization.k8s.io", kind: "RoleBinding"),
        GroupKind(group: "cluster.x-k8s.io", kind: "Cluster"),
        GroupKind(group: "cluster.x-k8s.io", kind: "MachineDeployment"),
        GroupKind(group: "cluster.x-k8s.io", kind: "MachineHealthCheck"),
        GroupKind(group: "controlplane.cluster.x-k8s.io", kind: "KubeadmControlPlane"),
        GroupKind(group: "bootstrap.cluster.x-k8s.io", kind: "KubeadmConfigTemplate"),
        GroupKind(group: "infrastructure.cluster.x-k8s.io", kind: "DevCluster"),
        GroupKind(group: "infrastructure.cluster.x-k8s.io", kind: "DevMachineTemplate"),
        GroupKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"),
        GroupKind(group: "source.toolkit.fluxcd.io", kind: "HelmRepository"),
        GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"),
        GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
    ]

    /// Everything that there is of the cluster: objects without what servers write into them, and
    /// files of the management repository.
    func world() async throws -> Set<String> {
        var world = Set(try await files())
        for place in [namespace, slug.accessNamespace] {
            let own = ObjectKey(GroupKind(kind: "Namespace"), name: place)
            if let object = try await client.get(own) { world.insert(Self.words(object)) }
            for kind in Self.kinds {
                for object in try await client.list(kind, namespace: place).items {
                    world.insert(Self.words(object))
                }
            }
        }
        let mine = "slipway.dev/tenant=\(try await current?.tenantName.text ?? "none")"
        for kind in Self.argoKinds {
            for object in try await client.list(kind, namespace: "argocd", labels: mine).items {
                world.insert(Self.words(object))
            }
        }
        return world
    }

    /// Kinds of which Argo CD keeps objects in its own namespace.
    private static let argoKinds = [
        GroupKind(kind: "Secret"), GroupKind(group: "argoproj.io", kind: "Application"),
        GroupKind(group: "argoproj.io", kind: "AppProject"),
    ]

    /// The files of the management repository, with what they hold.
    func files() async throws -> [String] {
        do {
            return try await git.open(layout.management) { repository throws(GitFault) in
                guard let head = try repository.commit(named: "refs/heads/main") else { return [] }
                return try repository.snapshot(of: head).map { "\($0.path) \($0.id)" }
            }
        } catch GitFault.notFound {
            return []
        }
    }

    private static func words(_ object: KubernetesObject) -> String {
        var annotations = object.annotations
        annotations["reconcile.fluxcd.io/requestedAt"] = nil
        annotations["argocd.argoproj.io/refresh"] = nil
        let parts = [
            "\(object.key)", "\(object.labels.sorted { $0.key < $1.key })",
            "\(annotations.sorted { $0.key < $1.key })", "\(object.finalizers)",
            object.isDeleting ? "going" : "",
            JSON.object(object.spec).text, object.json["data"]?.text ?? "",
        ]
        return parts.joined(separator: " ")
    }
}
