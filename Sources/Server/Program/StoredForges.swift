import Domain
import Forges
import Secrets
import Storage

/// What the reporting to forges must keep, in PostgreSQL.
struct StoredForges: ForgeRecords {
    let store: ForgeStore

    func claim(_ room: Int, at moment: Instant) async throws(ForgeOutage) -> [ForgeLane] {
        var random = SecureRandom()
        let lease = ID<ForgeLane>(at: moment, using: &random)
        return try await asking { () async throws(StorageFault) in
            try await store.claim(room, as: lease, at: moment)
        }
    }

    func next(_ lane: ForgeLane, at moment: Instant) async throws(ForgeOutage) -> ReportCase? {
        try await asking { () async throws(StorageFault) in
            try await store.next(lane, at: moment)
        }
    }

    func record(
        _ told: ReportCase,
        isWhole: Bool,
        fault: String?,
        _ lane: ForgeLane,
        at moment: Instant
    ) async throws(ForgeOutage) -> Bool {
        try await asking { () async throws(StorageFault) in
            try await store.record(told, isWhole: isWhole, fault: fault, lane, at: moment)
        }
    }

    func record(
        check phase: ForgeStatus.Phase,
        _ message: String,
        _ lane: ForgeLane,
        at moment: Instant
    ) async throws(ForgeOutage) {
        try await asking { () async throws(StorageFault) in
            try await store.record(check: phase, message, lane, at: moment)
        }
    }

    func release(
        _ lane: ForgeLane,
        pausing pause: Duration?,
        at moment: Instant
    ) async throws(ForgeOutage) {
        try await asking { () async throws(StorageFault) in
            try await store.release(lane, pausing: pause, at: moment)
        }
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ForgeOutage) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw ForgeOutage("\(error)")
        }
    }
}
