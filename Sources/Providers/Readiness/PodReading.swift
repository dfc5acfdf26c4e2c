import Drivers
import JSON

/// What a pod says of its containers.
struct PodReading {
    private let pod: SeenObject

    init(_ pod: SeenObject) {
        self.pod = pod
    }

    /// How far the pod has come by itself.
    var readiness: ObjectReadiness {
        switch pod.status("phase")?.string ?? "Pending" {
        case "Succeeded":
            return .ready("It has ended well.")
        case "Failed":
            return ObjectReadiness(
                .failed,
                "PodFailed",
                pod.status("message")?.string ?? "A container ended with an error.",
                releasedBy: "whoever mends what the pod runs",
                container: ended
            )
        default: break
        }
        if let trouble { return trouble }
        if let ready = pod.condition("Ready"), ready.isTrue { return .ready("It runs.") }
        return .waiting("Starting", "Its containers are not ready yet.")
    }

    /// What keeps it from running; nil where nothing is known to.
    var trouble: ObjectReadiness? {
        if pod.deletedAt != nil { return nil }
        if let place = pod.condition("PodScheduled"), place.isFalse {
            return ObjectReadiness(
                .waiting,
                "Unschedulable",
                "\(pod.title): \(place.message)",
                releasedBy: "whoever runs the cluster: room for the pod"
            )
        }
        return containers.lazy.compactMap(trouble(of:)).first
            ?? containers.lazy.compactMap(unready(of:)).first
    }

    /// A container that ended with an error; nil where none did.
    var ended: ObjectReadiness.Container? {
        for container in containers {
            if code(container["state"]) ?? 0 != 0 { return named(container, isPrevious: false) }
            if code(container["lastState"]) ?? 0 != 0 { return named(container, isPrevious: true) }
        }
        return nil
    }

    private var containers: [JSON] {
        (pod.status("initContainerStatuses")?.array ?? [])
            + (pod.status("containerStatuses")?.array ?? [])
    }

    private static let pulling: Set<String> = [
        "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull",
        "RegistryUnavailable", "ImageInspectError", "SignatureValidationFailed",
    ]

    private static let creating: Set<String> = [
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
        "PreCreateHookError", "PostStartHookError",
    ]

    private func trouble(of container: JSON) -> ObjectReadiness? {
        guard let waiting = container["state"]?["waiting"], let word = waiting["reason"]?.string
        else { return nil }
        let said = waiting["message"]?.string ?? word
        let name = container["name"]?.string ?? ""
        if Self.pulling.contains(word) {
            let image = container["image"]?.string ?? "its image"
            return ObjectReadiness(
                .waiting,
                "ImagePullFailed",
                "\(pod.title) cannot pull \(image): \(said)",
                releasedBy: "whoever pushes the image or its pull secret"
            )
        }
        if Self.creating.contains(word) {
            return ObjectReadiness(
                .waiting,
                "ContainerNotCreated",
                "\(pod.title), container \(name): \(said)",
                releasedBy: "whoever mends the container's configuration"
            )
        }
        guard word == "CrashLoopBackOff" else { return nil }
        return ObjectReadiness(
            .waiting,
            "CrashLoop",
            "\(pod.title), container \(name) keeps ending\(ending(of: container)).",
            releasedBy: "whoever mends what the container runs",
            container: named(container, isPrevious: true)
        )
    }

    /// A container that runs without becoming ready.
    private func unready(of container: JSON) -> ObjectReadiness? {
        guard container["ready"]?.bool == false, container["state"]?["running"] != nil else {
            return nil
        }
        let name = container["name"]?.string ?? ""
        return ObjectReadiness(
            .waiting,
            "NotReady",
            "\(pod.title), container \(name) runs and its readiness probe does not pass yet.",
            container: named(container, isPrevious: false)
        )
    }

    private func ending(of container: JSON) -> String {
        guard let last = container["lastState"]?["terminated"] else { return "" }
        let code = last["exitCode"]?.int.map { " with exit code \($0)" } ?? ""
        let word = last["reason"]?.string.flatMap { $0 == "Error" ? nil : " (\($0))" } ?? ""
        let count = container["restartCount"]?.int.map { ", \($0) times so far" } ?? ""
        return code + word + count
    }

    private func code(_ state: JSON?) -> Int? { state?["terminated"]?["exitCode"]?.int }

    private func named(_ container: JSON, isPrevious: Bool) -> ObjectReadiness.Container? {
        guard let namespace = pod.namespace, let name = container["name"]?.string else {
            return nil
        }
        return ObjectReadiness.Container(
            namespace: namespace,
            pod: pod.name,
            name: name,
            isPrevious: isPrevious
        )
    }
}
