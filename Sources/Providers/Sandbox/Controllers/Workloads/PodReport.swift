import Domain
import JSON

/// How far a pod has come.
enum PodStage: Equatable {
    /// No node takes it, because of that.
    case unscheduled(String)
    /// Its containers are being made.
    case creating
    /// Its containers wait, for a reason and with a message.
    case waiting(reason: String, message: String)
    /// Its containers end again and again, with those last words.
    case crashing(restarts: Int, words: String)
    /// They run; not ready because of that, where it is not nil.
    case running(unready: String?)
    /// They have done their work.
    case succeeded
}

/// The status of a pod that has come that far.
struct PodReport {
    let stage: PodStage
    let now: Instant

    /// Writes the status of the pod.
    func fill(_ pod: inout SandboxObject) {
        pod.status["phase"] = .string(phase)
        pod.status["qosClass"] = "Burstable"
        if case .unscheduled(let message) = stage {
            pod.state([Fact("PodScheduled", false, "Unschedulable", message)], at: now)
        } else {
            pod.state([Fact("PodScheduled", true, "Scheduled")], at: now)
        }
        guard pod.spec["nodeName"] != nil else { return }
        if pod.status["startTime"] == nil {
            pod.status["startTime"] = .string(now.kubernetesText)
        }
        pod.status["hostIP"] = "192.168.0.10"
        if phase != "Pending" {
            let number = Draw.number(pod.uid, below: 64_000)
            let address = JSON.string("10.244.\(number / 250).\(number % 250 + 2)")
            pod.status["podIP"] = address
            pod.status["podIPs"] = [["ip": address]]
        }
        let why = readiness
        let isReady = why == nil
        let reason = why?.reason ?? "ContainersReady"
        let facts =
            [Fact("Initialized", true, "PodInitialized")]
            + ["ContainersReady", "Ready"].map { Fact($0, isReady, reason, why?.message ?? "") }
        pod.state(facts, at: now)
        let containers = pod.spec["containers"]?.array?.compactMap(\.object) ?? []
        let before = pod.status["containerStatuses"]?.array ?? []
        pod.status["containerStatuses"] = .array(
            containers.enumerated().map { place, container in
                status(of: container, before: place < before.count ? before[place] : nil)
            }
        )
    }

    private var phase: String {
        switch stage {
        case .unscheduled, .creating, .waiting: "Pending"
        case .crashing, .running: "Running"
        case .succeeded: "Succeeded"
        }
    }

    /// Why the containers are not ready; nil where they are.
    private var readiness: (reason: String, message: String)? {
        switch stage {
        case .running(nil): nil
        case .running(let message?): ("ContainersNotReady", message)
        case .succeeded: ("PodCompleted", "")
        case .unscheduled, .creating, .waiting, .crashing:
            ("ContainersNotReady", "containers are not ready")
        }
    }

    private func status(of container: JSONObject, before: JSON?) -> JSON {
        let started = before?["state"]?["running"]?["startedAt"] ?? .string(now.kubernetesText)
        let isReady = stage == .running(unready: nil)
        var restarts = before?["restartCount"]?.int ?? 0
        var last: JSON = .object(JSONObject())
        let state: JSON
        switch stage {
        case .unscheduled, .creating:
            state = ["waiting": ["reason": "ContainerCreating"]]
        case .waiting(let reason, let message):
            state = ["waiting": ["reason": .string(reason), "message": .string(message)]]
        case .crashing(let count, let words):
            restarts = count
            state = [
                "waiting": [
                    "reason": "CrashLoopBackOff",
                    "message": "back-off 5m0s restarting failed container",
                ]
            ]
            last = ["terminated": ending(count, words, before: before)]
        case .running:
            state = ["running": ["startedAt": started]]
        case .succeeded:
            state = ["terminated": ["exitCode": 0, "reason": "Completed"]]
        }
        return [
            "name": container["name"] ?? "", "image": container["image"] ?? "",
            "imageID": container["image"] ?? "", "ready": .bool(isReady),
            "started": .bool(phase == "Running"), "restartCount": .integer(restarts),
            "state": state, "lastState": last,
        ]
    }

    /// How a container ended for that time; as it was told, where it was.
    private func ending(_ count: Int, _ words: String, before: JSON?) -> JSON {
        if let known = before?["lastState"]?["terminated"], before?["restartCount"]?.int == count,
            known["message"]?.string == words
        {
            return known
        }
        let time = JSON.string(now.kubernetesText)
        return [
            "exitCode": 1, "reason": "Error", "message": .string(words), "startedAt": time,
            "finishedAt": time,
        ]
    }
}
