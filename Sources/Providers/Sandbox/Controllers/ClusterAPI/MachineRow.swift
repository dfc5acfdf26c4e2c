import JSON

/// The machines of a control plane or of a MachineDeployment, on the way to how many are wanted,
/// all made from what is wanted now.
struct MachineRow {
    let scene: Scene
    let family: ClusterFamily
    let owner: SandboxObject
    let machines: [SandboxObject]
    /// The fields of a new machine's spec.
    let spec: JSONObject
    let labels: [String: String]
    /// Whether only one may come or go at a time.
    let isOneByOne: Bool

    private var wanted: Int { owner.wantedReplicas }

    /// What new machines are made from, in short.
    private var template: String { Draw.suffix(JSON.object(spec).text, length: 10) }

    /// The machines that were not told to go, and those of them that are not as they are to be.
    var alive: [SandboxObject] { machines.filter { !$0.isDeleting } }
    private var outdated: [SandboxObject] {
        alive.filter { $0.annotations[ClusterMark.template] != template }
    }

    /// Whether all that is wanted runs, and whether there are more than are wanted.
    var isFull: Bool { alive.filter(\.isRunningMachine).count >= wanted }
    var isShrinking: Bool { machines.count > wanted && outdated.isEmpty }

    /// What the owner says of its machines.
    var facts: [Fact] {
        let isReady = alive.allSatisfy(\.isRunningMachine)
        return [
            Fact("MachinesReady", isReady, "Ready", or: "NotReady"),
            Fact("MachinesUpToDate", outdated.isEmpty, "UpToDate", or: "NotUpToDate"),
            Fact("RollingOut", !outdated.isEmpty, "RollingOut", or: "NotRollingOut"),
            Fact("ScalingUp", alive.count < wanted, "ScalingUp", or: "NotScalingUp"),
            Fact("ScalingDown", isShrinking, "ScalingDown", or: "NotScalingDown"),
            Fact("Remediating", false, "NotRemediating"),
            Fact("Deleting", false, "NotDeleting"),
            Fact("Paused", false, "NotPaused"),
        ]
    }

    /// How many machines the owner counts.
    func count(_ object: inout SandboxObject) {
        object.count(object.generation, "observedGeneration")
        object.count(alive.count, "replicas")
        object.count(
            alive.filter(\.isRunningMachine).count,
            "readyReplicas",
            "availableReplicas"
        )
        object.count(alive.count - outdated.count, "upToDateReplicas")
    }

    /// One step: makes or removes machines where none is on the way.
    func step() async throws(SandboxStatus) {
        let (alive, outdated) = (alive, outdated)
        let isBusy = !machines.allSatisfy(\.isRunningMachine)
        if !outdated.isEmpty, wanted > 0 {
            // Outdated machines that never came up are in nobody's way.
            if isBusy { return try await remove(outdated.first { !$0.isRunningMachine }) }
            return alive.count <= wanted ? try await make(1) : try await remove(outdated.first)
        }
        if alive.count < wanted, !isOneByOne || !isBusy {
            try await make(isOneByOne ? 1 : wanted - alive.count)
        }
        guard alive.count > wanted else { return }
        let mark = "cluster.x-k8s.io/delete-machine"
        let order =
            alive.filter { $0.annotations[mark] != nil }
            + alive.reversed().filter { $0.annotations[mark] == nil }
        for machine in order.prefix(isOneByOne ? 1 : alive.count - wanted) {
            try await remove(machine)
        }
    }

    private func remove(_ machine: SandboxObject?) async throws(SandboxStatus) {
        guard let machine else { return }
        try await scene.cluster.delete(machine.key, uid: machine.uid)
        try await scene.event(owner, "SuccessfulDelete", "Deleted machine \(machine.name)")
    }

    private func make(_ count: Int) async throws(SandboxStatus) {
        let taken = Set(machines.map(\.name))
        let names = (0...).lazy.map { number in
            "\(owner.name)-\(Draw.suffix("\(owner.uid) \(template) \(number)"))"
        }
        for name in names.filter({ !taken.contains($0) }).prefix(count) {
            try await scene.make(machine(named: name))
            try await scene.event(owner, "SuccessfulCreate", "Created machine \(name)")
        }
    }

    private func machine(named name: String) -> JSON {
        var spec = spec
        spec["clusterName"] = .string(family.cluster.name)
        return .manifest(
            family.cluster.apiVersion ?? "cluster.x-k8s.io/v1beta2",
            "Machine",
            name,
            in: owner.namespace,
            labels: labels.merging([ClusterMark.cluster: family.cluster.name]) { $1 },
            annotations: [ClusterMark.template: template],
            owner: owner.reference(),
            [
                "metadata": ["finalizers": [.string(SandboxKind.machine.clusterFinalizer)]],
                "spec": .object(spec),
            ]
        )
    }
}
