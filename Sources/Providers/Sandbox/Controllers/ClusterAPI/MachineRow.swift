import Domain
import JSON

/// The machines of a control plane or of a MachineDeployment, on the way to how many are wanted,
/// all made from what is wanted now.
struct MachineRow {
    let scene: Scene
    let family: ClusterFamily
    let owner: SandboxObject
    let machines: [SandboxObject]
    /// How many are wanted.
    let wanted: Int
    /// The fields of a new machine's spec.
    let spec: JSONObject
    let labels: [String: String]
    /// Whether only one may come or go at a time.
    let isOneByOne: Bool

    /// What new machines are made from, in short.
    var template: String { Draw.suffix(JSON.object(spec).text, length: 10) }

    /// The machines that are as they are to be.
    var current: [SandboxObject] {
        machines.filter { !$0.isDeleting && $0.annotations[ClusterMark.template] == template }
    }

    private var outdated: [SandboxObject] {
        machines.filter { !$0.isDeleting && $0.annotations[ClusterMark.template] != template }
    }

    /// Whether machines are being replaced.
    var isRollingOut: Bool { !outdated.isEmpty }

    /// One step: makes or removes machines where none is on the way.
    func step() async throws(SandboxStatus) {
        let alive = machines.filter { !$0.isDeleting }
        let isBusy = machines.contains { $0.isDeleting || !$0.isRunningMachine }
        if !outdated.isEmpty, wanted > 0 {
            guard !isBusy else {
                // Outdated machines that never came up are in nobody's way.
                return try await remove(outdated.first { !$0.isRunningMachine })
            }
            return alive.count <= wanted
                ? try await make(1) : try await remove(outdated.first)
        }
        if alive.count < wanted {
            guard !isOneByOne || !isBusy else { return }
            return try await make(isOneByOne ? 1 : wanted - alive.count)
        }
        guard alive.count > wanted else { return }
        let marked = alive.filter { $0.annotations["cluster.x-k8s.io/delete-machine"] != nil }
        let order =
            marked
            + alive.reversed().filter { machine in
                !marked.contains { $0.uid == machine.uid }
            }
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
        let names = Set(machines.map(\.name))
        var number = 0
        var made = 0
        while made < count {
            let suffix = Draw.suffix("\(owner.uid) \(template) \(number)")
            number += 1
            let name = "\(owner.name)-\(suffix)"
            guard !names.contains(name) else { continue }
            made += 1
            try await scene.make(machine(named: name), in: scene.cluster)
            try await scene.event(owner, "SuccessfulCreate", "Created machine \(name)")
        }
    }

    private func machine(named name: String) -> JSON {
        var labels = JSONObject()
        for (key, value) in self.labels.sorted(by: { $0.key < $1.key }) {
            labels[key] = .string(value)
        }
        labels[ClusterMark.cluster] = .string(family.cluster.name)
        var spec = self.spec
        spec["clusterName"] = .string(family.cluster.name)
        return [
            "apiVersion": .string(family.cluster.apiVersion ?? "cluster.x-k8s.io/v1beta2"),
            "kind": "Machine",
            "metadata": [
                "name": .string(name), "namespace": .string(owner.namespace ?? ""),
                "labels": .object(labels),
                "annotations": [ClusterMark.template: .string(template)],
                "finalizers": [.string(ClusterMark.machineFinalizer)],
                "ownerReferences": [owner.reference()],
            ],
            "spec": .object(spec),
        ]
    }
}
