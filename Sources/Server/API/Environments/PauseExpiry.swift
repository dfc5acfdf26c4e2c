import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Keeps all environments from ending by themselves for a while.
struct PauseExpiry: Operation {
    static let endpoint = Endpoint(
        "pauseExpiry",
        .post,
        "/v1/environments:pause-expiry",
        for: .permitted(.changePlatform),
        body: .json,
        [.changes]
    )

    private let reason: String
    private let length: Duration

    init(reading inputs: Inputs) throws(Problem) {
        let wish: Wish = try inputs.read { reader in
            let reason = reader.required(
                "reason",
                Reading.text(1...ExpiryPause.reasonLengthMax)
            )
            let length = reader.required("for", Self.length)
            guard let reason, let length else { return nil }
            return Wish(reason: reason, length: length)
        }
        reason = wish.reason
        length = wish.length
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let pause = ExpiryPause(
            by: call.callerName,
            reason: reason,
            since: call.now,
            until: call.now.advanced(by: length)
        )
        return try await ExpiryChange(pause: pause).answer(call)
    }

    private struct Wish {
        let reason: String
        let length: Duration
    }

    private static func length(_ value: JSON) throws(ReadingFault) -> Duration {
        let length = try Reading.length(value)
        guard length >= EnvironmentLimits.shortest, length <= ExpiryPause.longest else {
            let least = EnvironmentLimits.shortest.lengthText
            throw ReadingFault(
                "out-of-range",
                "Expected between \(least) and \(ExpiryPause.longest.lengthText)."
            )
        }
        return length
    }
}

/// A pause of ends that begins or is over, on its way into storage and out to the caller.
struct ExpiryChange {
    /// What holds from now on; nil for no pause.
    let pause: ExpiryPause?

    func answer(_ call: Invocation) async throws -> Answer {
        var writer = JSONWriter(reserving: 256)
        writer.object { $0.pause(pause, at: call.now) }
        let first = StoredAnswer(.json(.ok, writer.finish()))
        let outcome = try await call.services.storage.environments.setExpiryPause(
            pause,
            event: call.occasion.event,
            for: call.circumstances(answer: first)
        )
        switch outcome {
        case .written: return Answer(first)
        case .replayed(let answer): return try await Replay(call).answer(answer)
        }
    }
}
