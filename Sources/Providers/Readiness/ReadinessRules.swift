import Domain
import Drivers
import JSON

/// What makes an object of each kind ready.
enum ReadinessRules {
    typealias Rule = @Sendable (SeenObject, ReadinessScene) -> ObjectReadiness

    /// By group and kind; kinds that are not here go by their conditions.
    static let all: [String: Rule] = [
        "/Pod": { object, _ in PodReading(object).readiness },
        "/Service": { object, _ in service(object) },
        "/PersistentVolumeClaim": claim,
        "/Namespace": { object, _ in phase(object, wanted: "Active") },
        "apps/Deployment": deployment,
        "apps/StatefulSet": statefulSet,
        "apps/DaemonSet": daemonSet,
        "apps/ReplicaSet": replicaSet,
        "batch/Job": job,
        "networking.k8s.io/Ingress": { object, _ in ingress(object) },
        "gateway.networking.k8s.io/Gateway": { object, _ in gateway(object) },
        "gateway.networking.k8s.io/HTTPRoute": { object, _ in route(object) },
        "gateway.networking.k8s.io/GRPCRoute": { object, _ in route(object) },
        "gateway.networking.k8s.io/TLSRoute": { object, _ in route(object) },
        "apiextensions.k8s.io/CustomResourceDefinition": { object, _ in definition(object) },
        "autoscaling/HorizontalPodAutoscaler": { _, _ in .ready("It is there.") },
        "policy/PodDisruptionBudget": { _, _ in .ready("It is there.") },
    ]

    /// The conditions that custom resources tell their health by, most telling first.
    private static let telling = ["Ready", "Available", "AllReplicasReady", "Synced", "Healthy"]

    /// By what controllers of any kind say: nothing at all counts as ready.
    static func byConditions(_ object: SeenObject) -> ObjectReadiness {
        if let busy = object.condition("Reconciling"), busy.isTrue {
            return .waiting("Reconciling", busy.message)
        }
        for type in telling {
            guard let told = object.condition(type) else { continue }
            if told.isTrue { return .ready(told.message) }
            let reason = told.reason.isEmpty ? "NotReady" : told.reason
            let message =
                told.message.isEmpty ? "\(type) is \(told.status.rawValue)." : told.message
            return .waiting(reason, message)
        }
        return .ready("It is there.")
    }

    static func phase(_ object: SeenObject, wanted: String) -> ObjectReadiness {
        let phase = object.status("phase")?.string ?? "unknown"
        return phase == wanted
            ? .ready("It is \(wanted).") : .waiting("Pending", "Its phase is \(phase).")
    }

    static func claim(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        let phase = object.status("phase")?.string ?? "Pending"
        if phase == "Bound" { return .ready("It is bound to a volume.") }
        if phase == "Lost" {
            let message = "Its volume is gone, and with it what was stored there."
            return .failed("VolumeLost", message, releasedBy: "whoever restores the volume")
        }
        let reports: Set = ["ProvisioningFailed", "WaitForFirstConsumer"]
        let report = scene.report(about: object, reports)
        if report?.reason == "WaitForFirstConsumer" {
            return .ready("A volume is made for it as soon as a pod uses it.")
        }
        return .waiting("VolumePending", report?.message ?? "No volume is bound to it yet.")
    }

    static func definition(_ object: SeenObject) -> ObjectReadiness {
        if let names = object.condition("NamesAccepted"), names.isFalse {
            return .failed(
                "NamesConflict",
                names.message,
                releasedBy: "whoever removes the other definition of these names"
            )
        }
        guard let established = object.condition("Established"), established.isTrue else {
            return .waiting("NotEstablished", "The API server does not serve the kind yet.")
        }
        return .ready("The kind is served.")
    }

    static func job(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        if let done = object.condition("Complete"), done.isTrue {
            return .ready("It is complete.")
        }
        if let failed = object.condition("Failed") ?? object.condition("FailureTarget"),
            failed.isTrue
        {
            return ObjectReadiness(
                .failed,
                "JobFailed",
                failed.message.isEmpty ? "It failed (\(failed.reason))." : failed.message,
                releasedBy: "whoever mends what the Job runs",
                container: scene.pods(of: object).lazy.compactMap { PodReading($0).ended }.first
            )
        }
        if object.spec("suspend")?.bool == true {
            let message = "It is suspended: spec.suspend is true."
            return ObjectReadiness(
                .waiting,
                "Suspended",
                message,
                releasedBy: "whoever resumes the Job"
            )
        }
        if let trouble = scene.trouble(of: object) { return trouble }
        let active = object.status("active")?.int ?? 0
        return .waiting("Running", "It is not complete yet: \(active) of its pods run.")
    }

    /// What the API server says when it takes no more pods.
    static func refusal(_ message: String) -> ObjectReadiness {
        let isQuota = message.contains("exceeded quota")
        let isSecurity = message.contains("violates PodSecurity")
        return ObjectReadiness(
            .waiting,
            isQuota ? "QuotaExhausted" : isSecurity ? "PodSecurityViolated" : "PodsRefused",
            message,
            releasedBy: isQuota
                ? "the tenant: raise the quota or remove something"
                : isSecurity ? "whoever mends the pods' security context" : nil
        )
    }
}
