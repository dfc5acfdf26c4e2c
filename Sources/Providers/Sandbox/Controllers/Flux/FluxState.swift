import Domain
import JSON

extension SandboxKind {
    private static let source = "source.toolkit.fluxcd.io"
    static let gitRepository = SandboxKind(source, "GitRepository")
    static let ociRepository = SandboxKind(source, "OCIRepository")
    static let kustomization = SandboxKind("kustomize.toolkit.fluxcd.io", "Kustomization")
    static let helmRelease = SandboxKind("helm.toolkit.fluxcd.io", "HelmRelease")
    static let application = SandboxKind("argoproj.io", "Application")
    static let configMap = SandboxKind("ConfigMap")

    /// What Flux calls a source.
    static let sources = [
        gitRepository, SandboxKind(source, "HelmRepository"), ociRepository,
        SandboxKind(source, "HelmChart"), SandboxKind(source, "Bucket"),
    ]
}

/// How an object of Flux does.
enum FluxState {
    /// On the way.
    case progressing(String)
    /// It is as wanted.
    case ready(reason: String, message: String)
    /// It is not, and is tried again.
    case failed(reason: String, message: String)
    /// It is not, and somebody must change it.
    case stalled(reason: String, message: String)

    /// The conditions that all objects of Flux have; the others of these three are not there.
    fileprivate var facts: [Fact] {
        switch self {
        case .progressing(let message):
            [
                Fact("Reconciling", true, "Progressing", message),
                Fact("Ready", nil, "Progressing", message),
            ]
        case .ready(let reason, let message): [Fact("Ready", true, reason, message)]
        case .failed(let reason, let message):
            [
                Fact("Reconciling", true, "ProgressingWithRetry", message),
                Fact("Ready", false, reason, message),
            ]
        case .stalled(let reason, let message):
            [Fact("Stalled", true, reason, message), Fact("Ready", false, reason, message)]
        }
    }
}

extension SandboxObject {
    static let fluxFinalizer = "finalizers.fluxcd.io"
    static let requestedAt = "reconcile.fluxcd.io/requestedAt"

    /// What it is called in messages: `flux-system/sources`.
    var place: String { "\(namespace ?? "")/\(name)" }

    /// Whether Flux leaves it alone.
    var isSuspended: Bool { spec["suspend"]?.bool == true }

    /// Whether it is ready, as of what is wanted now.
    var isReadyInFlux: Bool {
        holds("Ready") && status["observedGeneration"]?.int == generation
    }

    /// Whether somebody asked for a look that was not made yet.
    var isRequested: Bool {
        guard let asked = annotations[Self.requestedAt] else { return false }
        return status["lastHandledReconcileAt"]?.string != asked
    }

    /// Writes the conditions that all objects of Flux have.
    mutating func setFlux(_ state: FluxState, at now: Instant) {
        if let asked = annotations[Self.requestedAt] {
            status["lastHandledReconcileAt"] = .string(asked)
        }
        let facts = state.facts
        for type in ["Reconciling", "Stalled"] where !facts.contains(where: { $0.type == type }) {
            removeCondition(type)
        }
        self.state(facts, at: now)
        if case .progressing = state { return }
        count(generation, "observedGeneration")
    }
}

extension Scene {
    /// Reports how an object of Flux does; a failure also as an event.
    func report(
        _ object: SandboxObject,
        _ state: FluxState,
        _ change: (inout SandboxObject) -> Void = { _ in }
    ) async throws(SandboxStatus) {
        try await report(object, []) { object in
            change(&object)
            object.setFlux(state, at: now)
        }
        guard case .failed(let reason, let message) = state else { return }
        look(after: pace.of(2 * SandboxPace.Step.looking))
        try await event(object, reason, message, isWarning: true)
    }

    /// What an object of Flux waits for before it begins, in words; nil where for nothing.
    func missingDependency(of object: SandboxObject) async throws(SandboxStatus) -> String? {
        for dependency in object.spec["dependsOn"]?.array ?? [] {
            let namespace = dependency["namespace"]?.string ?? object.namespace
            let name = dependency["name"]?.string ?? ""
            let found = try await cluster.get(SandboxKey(object.kind, namespace, name))
            guard found?.isReadyInFlux == true else {
                let words = found == nil ? "not found" : "is not ready"
                return "dependency '\(namespace ?? "")/\(name)' \(words)"
            }
        }
        return nil
    }

    /// How long an interval of Flux is, at this pace.
    func interval(_ text: JSON?) -> Duration { GoDuration.parse(text?.string) / pace.speed }
}

/// Go's way to write a duration: `10m0s`, `1h`, `30s`.
enum GoDuration {
    /// The longest: ten years.
    private static let secondsMax = 315_360_000.0
    private static let units = ["h": 3_600, "m": 60, "s": 1, "ms": 0.001]

    /// The duration; a minute where the text is none.
    static func parse(_ text: String?) -> Duration {
        var total = 0.0
        var rest = Substring(text ?? "")
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(digits.count).prefix { !$0.isNumber && $0 != "." }
            guard !digits.isEmpty || !unit.isEmpty else { break }
            if let number = Double(digits), let factor = units[String(unit)] {
                total += number * factor
            }
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return total > 0 ? .seconds(min(total, secondsMax)) : .seconds(60)
    }
}
