import Domain
import JSON

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
}

extension SandboxObject {
    static let fluxFinalizer = "finalizers.fluxcd.io"
    static let requestedAt = "reconcile.fluxcd.io/requestedAt"

    /// Whether Flux leaves it alone.
    var isSuspended: Bool { spec["suspend"]?.bool == true }

    /// Whether it is ready, as of what is wanted now.
    var isReadyInFlux: Bool {
        condition("Ready")?["status"]?.string == "True"
            && status["observedGeneration"]?.int == generation
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
        switch state {
        case .progressing(let message):
            setCondition("Reconciling", true, reason: "Progressing", message: message, at: now)
            setCondition("Ready", nil, reason: "Progressing", message: message, at: now)
            removeCondition("Stalled")
        case .ready(let reason, let message):
            removeCondition("Reconciling")
            removeCondition("Stalled")
            setCondition("Ready", true, reason: reason, message: message, at: now)
            status["observedGeneration"] = .integer(generation)
        case .failed(let reason, let message):
            setCondition(
                "Reconciling",
                true,
                reason: "ProgressingWithRetry",
                message: message,
                at: now
            )
            removeCondition("Stalled")
            setCondition("Ready", false, reason: reason, message: message, at: now)
            status["observedGeneration"] = .integer(generation)
        case .stalled(let reason, let message):
            removeCondition("Reconciling")
            setCondition("Stalled", true, reason: reason, message: message, at: now)
            setCondition("Ready", false, reason: reason, message: message, at: now)
            status["observedGeneration"] = .integer(generation)
        }
    }
}

/// Go's way to write a duration: `10m0s`, `1h`, `30s`.
enum GoDuration {
    /// The longest: ten years.
    private static let secondsMax = 315_360_000.0

    /// The duration; a minute where the text is none.
    static func parse(_ text: String?) -> Duration {
        var total = 0.0
        var number = ""
        var unit = ""
        func add() {
            let factor: Double? =
                switch unit {
                case "h": 3_600
                case "m": 60
                case "s": 1
                case "ms": 0.001
                default: nil
                }
            if let factor, let value = Double(number) { total += value * factor }
            number = ""
            unit = ""
        }
        for character in text ?? "1m" {
            if character.isNumber || character == "." {
                if !unit.isEmpty { add() }
                number.append(character)
            } else {
                unit.append(character)
            }
        }
        add()
        return total > 0 ? .seconds(min(total, secondsMax)) : .seconds(60)
    }
}
