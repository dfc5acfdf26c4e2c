import JSON

/// Questions to a workload of Kubernetes.
package enum ManifestCheck: String, Sendable, CaseIterable {
    /// Whether Kubernetes can tell that it must be started anew.
    case livenessProbe
    /// Whether Kubernetes can tell that it takes requests.
    case readinessProbe
    /// Whether it says what it needs.
    case resourceRequests
    /// Whether it says what it takes at most.
    case memoryLimits
    /// Whether secrets and settings come from outside of the manifest and the image.
    case configOutside
    /// Whether nothing of it stays on the node, or in replicas that come and go.
    case noStateInContainer
    /// Whether it writes its log to its standard output.
    case logsToStdout
    /// Whether migrations and the like run as jobs of their own.
    case adminTasksAsJobs
    /// Whether it has time to end what it does.
    case gracefulStop
    /// Whether its images are the same tomorrow.
    case pinnedImages

    /// What is wrong with a workload, each with its place in the document.
    func findings(in workload: Workload) -> [(JSONPointer, String)] {
        switch self {
        case .livenessProbe: workload.missing("livenessProbe", unless: workload.isTask)
        case .readinessProbe:
            workload.missing("readinessProbe", unless: workload.isTask)
        case .resourceRequests:
            workload.eachContainer { container, place in
                ["cpu", "memory"].filter { container["resources"]?["requests"]?[$0] == nil }.map {
                    (place, "has no `resources.requests.\($0)`: say what it needs")
                }
            }
        case .memoryLimits:
            workload.eachContainer { container, place in
                container["resources"]?["limits"]?["memory"] == nil
                    ? [(place, "has no `resources.limits.memory`: say what it takes at most")] : []
            }
        case .configOutside: workload.literalSecrets
        case .noStateInContainer: workload.state
        case .logsToStdout: workload.logFiles
        case .adminTasksAsJobs: workload.adminTasks
        case .gracefulStop: workload.hasty
        case .pinnedImages:
            workload.eachContainer(also: "initContainers") { container, place in
                guard let image = container["image"]?.string, !Self.isPinned(image) else {
                    return []
                }
                return [
                    (
                        place.appending("image"),
                        "`\(image)` may be another image tomorrow: name a version or a digest"
                    )
                ]
            }
        }
    }

    /// Whether an image has a digest, or a tag that is no name for whatever is newest.
    static func isPinned(_ image: String) -> Bool {
        if image.contains("@sha256:") || image.contains("${") { return true }
        let name = image.split(separator: "/").last ?? ""
        let parts = name.split(separator: ":", maxSplits: 1)
        return parts.count == 2
            && !["latest", "stable", "main", "master", "edge"].contains(parts[1])
    }
}

/// An object of Kubernetes that runs containers.
struct Workload {
    private static let kinds = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod",
    ]

    let kind: String
    private let pod: JSON
    private let place: JSONPointer

    /// The workload of a document; nil where it is none.
    init?(_ document: JSON) {
        guard let kind = document["kind"]?.string, Self.kinds.contains(kind) else { return nil }
        let path =
            switch kind {
            case "Pod": ["spec"]
            case "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"]
            default: ["spec", "template", "spec"]
            }
        guard let pod = document.value(at: JSONPointer(path)), pod.object != nil else { return nil }
        self.kind = kind
        self.pod = pod
        place = JSONPointer(path)
    }

    /// Whether it comes to an end by itself.
    var isTask: Bool { ["Job", "CronJob"].contains(kind) }

    func eachContainer(
        also other: String? = nil,
        _ body: (JSON, JSONPointer) -> [(JSONPointer, String)]
    ) -> [(JSONPointer, String)] {
        (["containers"] + [other].compactMap(\.self)).flatMap { list in
            (pod[list]?.array ?? []).enumerated().flatMap { index, container in
                body(container, place.appending(list).appending(index))
            }
        }
    }

    func missing(_ probe: String, unless isFine: Bool) -> [(JSONPointer, String)] {
        guard !isFine else { return [] }
        return eachContainer { container, place in
            container[probe] == nil
                ? [(place, "has no `\(probe)`: say how Kubernetes finds that out")] : []
        }
    }

    /// Values that look like secrets and stand in the manifest.
    var literalSecrets: [(JSONPointer, String)] {
        let words = ["PASSWORD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY", "DATABASE_URL"]
        return eachContainer(also: "initContainers") { container, place in
            (container["env"]?.array ?? []).enumerated().compactMap { index, variable in
                guard let name = variable["name"]?.string, let value = variable["value"]?.string,
                    !value.isEmpty, words.contains(where: { name.uppercased().contains($0) })
                else { return nil }
                return (
                    place.appending("env").appending(index),
                    "`\(name)` stands in the manifest: take it from a Secret with `valueFrom`"
                )
            }
        }
    }

    /// What stays on a node, or is shared by replicas that come and go.
    var state: [(JSONPointer, String)] {
        (pod["volumes"]?.array ?? []).enumerated().compactMap { index, volume in
            let place = place.appending("volumes").appending(index)
            if volume["hostPath"] != nil {
                return (place, "a folder of the node: use a service, or a claim of a StatefulSet")
            }
            guard kind == "Deployment", volume["persistentVolumeClaim"] != nil else { return nil }
            return (place, "a Deployment that keeps state: use a service, or a StatefulSet")
        }
    }

    /// Logs that are written into files.
    var logFiles: [(JSONPointer, String)] {
        eachContainer { container, place in
            let words = ["args", "command"].flatMap { list in
                (container[list]?.array ?? []).enumerated().map {
                    (place.appending(list).appending($0), $1.string ?? "")
                }
            }
            let variables = (container["env"]?.array ?? []).enumerated().map { index, variable in
                let text = "\(variable["name"]?.string ?? "")=\(variable["value"]?.string ?? "")"
                return (place.appending("env").appending(index), text)
            }
            return (words + variables).compactMap { place, text in
                let lower = text.lowercased()
                let isFile =
                    lower.contains("/var/log") || lower.contains("log-file=/")
                    || lower.contains("log_file=/") || lower.hasSuffix(".log")
                return isFile
                    ? (place, "writes a log file: write to the standard output instead") : nil
            }
        }
    }

    /// Migrations and the like beside what runs always.
    var adminTasks: [(JSONPointer, String)] {
        guard !isTask else { return [] }
        return eachContainer(also: "initContainers") { container, place in
            let words = ["command", "args"].flatMap { container[$0]?.array ?? [] }
                .compactMap(\.string).joined(separator: " ").lowercased()
            let isTask = ["migrate", "migration", "db:seed", "createsuperuser"].contains {
                words.contains($0)
            }
            return isTask ? [(place, "runs an admin task with every start: make it a Job")] : []
        }
    }

    /// Too little time to end what is under way.
    var hasty: [(JSONPointer, String)] {
        guard !isTask else { return [] }
        if let seconds = pod["terminationGracePeriodSeconds"]?.int {
            guard seconds < 5 else { return [] }
            return [
                (
                    place.appending("terminationGracePeriodSeconds"),
                    "\(seconds) s are too short to end requests: give it 5 or more"
                )
            ]
        }
        let hasHook = (pod["containers"]?.array ?? []).contains {
            $0["lifecycle"]?["preStop"] != nil
        }
        return hasHook
            ? []
            : [(place, "does not say how long it takes to stop: `terminationGracePeriodSeconds`")]
    }
}
