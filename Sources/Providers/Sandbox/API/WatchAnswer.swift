import Domain
import EventLoop
import JSON

/// A watch: the changes of a kind as they happen, each a line of JSON.
struct WatchAnswer {
    /// How long a watch stays open where the caller does not say: 30 minutes.
    private static let secondsMax = 1_800
    /// How often a quiet watch looks for itself: 1 s; rings are hints and may be lost.
    private static let lookAround = Duration.seconds(1)
    /// How long changes are gathered before they are told: 10 ms.
    private static let gathering = Duration.milliseconds(10)
    /// How often a quiet watch says where it stands: 60 s.
    private static let bookmarkPause = Duration.seconds(60)

    let target: APITarget
    let form: APIForm
    private var call: APICall { target.call }
    private var server: SandboxServer { call.cluster.server }

    init(_ target: APITarget, _ form: APIForm) {
        self.target = target
        self.form = form
    }

    /// One watch on its way.
    private struct Stand {
        var position: Int64
        /// The incarnations that the watcher knows of.
        var known: Set<String> = []
        /// The incarnations that it was told are gone.
        var left: Set<String> = []
        /// Objects from before this revision may be known to the watcher although we do not know.
        var start: Int64
        var hasHeader = false
    }

    func answer() async throws(SandboxStatus) -> SandboxAnswer {
        let selection = try Selection(
            call.query,
            namespace: target.place.namespace,
            name: target.place.name
        )
        let text = call.query["resourceVersion"] ?? ""
        guard let wanted = Int64(text.isEmpty ? "0" : text), wanted >= 0 else {
            throw SandboxStatus(.invalid, "resourceVersion: Invalid value: \"\(text)\"")
        }
        let head = try await call.cluster.head()
        let startsAnew = wanted == 0 || call.query.isSet("sendInitialEvents")
        guard startsAnew || wanted >= head.compacted else {
            throw .expired(wanted, compacted: head.compacted)
        }
        // From the future: the records were set back.
        guard wanted <= head.revision else { throw .expired(wanted, compacted: head.revision) }
        let watch = self
        return SandboxAnswer(
            status: 200,
            headers: [("content-type", "application/json;stream=watch")],
            body: .stream { write in
                try await watch.run(selection, startsAnew ? nil : wanted, write)
            }
        )
    }

    private func run(
        _ selection: Selection,
        _ position: Int64?,
        _ write: SandboxAnswer.Write
    ) async throws {
        let seconds = call.query["timeoutSeconds"].flatMap { Int($0) } ?? Self.secondsMax
        let end = MonotonicTime.now().advanced(by: .seconds(min(max(1, seconds), 3_600)))
        let signal = server.signal(of: target.resource.kind, in: call.cluster.name)
        var spokenAt = MonotonicTime.now()
        var stand = Stand(position: position ?? 0, start: position ?? 0)
        do throws(SandboxStatus) {
            if position == nil { try await begin(&stand, selection, write) }
            while MonotonicTime.now() < end, !signal.isClosed {
                let generation = signal.generation
                let lines = try await look(&stand, selection)
                if !lines.isEmpty {
                    try await send(lines, write)
                    spokenAt = .now()
                }
                if MonotonicTime.now() - spokenAt >= Self.bookmarkPause {
                    try await send(bookmark(stand), write)
                    spokenAt = .now()
                }
                try await PlayedFaults(call.cluster).cut(target.place.plural)
                let rest = end - MonotonicTime.now()
                await signal.wait(since: generation, upTo: min(Self.lookAround, rest))
                await server.pause(Self.gathering)
                if Task.isCancelled { return }
            }
            try await send(bookmark(stand), write)
        } catch {
            if error.reason == .internalError { throw error }
            try await write(line("ERROR", error.json))
        }
    }

    private func send(
        _ lines: [UInt8],
        _ write: SandboxAnswer.Write
    ) async throws(SandboxStatus) {
        guard !lines.isEmpty else { return }
        do { try await write(lines) } catch {
            throw SandboxStatus(.internalError, "nobody reads the watch any more")
        }
    }

    /// What is there already.
    private func begin(
        _ stand: inout Stand,
        _ selection: Selection,
        _ write: SandboxAnswer.Write
    ) async throws(SandboxStatus) {
        let query = SandboxQuery(target.resource.kind, namespace: selection.namespace)
        let page = try await call.cluster.page(query)
        stand.position = page.head.revision
        var lines: [UInt8] = []
        for record in page.records {
            let object = try SandboxObject(record).served(as: target.apiVersion)
            guard selection.selects(object) else { continue }
            stand.known.insert(record.uid)
            lines += event("ADDED", object, &stand)
        }
        try await send(lines, write)
        if call.query.isSet("sendInitialEvents") {
            try await send(bookmark(stand, isInitialEnd: true), write)
        }
    }

    /// What has happened since.
    private func look(
        _ stand: inout Stand,
        _ selection: Selection
    ) async throws(SandboxStatus) -> [UInt8] {
        var lines: [UInt8] = []
        while true {
            let position = stand.position
            let found = try await asking { () async throws(SandboxOutage) in
                try await server.feed.changes(
                    of: target.resource.kind,
                    in: call.cluster.name,
                    after: position,
                    from: server.records
                )
            }
            guard let (page, reached) = found else {
                throw .expired(position, compacted: position)
            }
            guard position >= page.head.compacted else {
                throw .expired(position, compacted: page.head.compacted)
            }
            guard reached > position else { return lines }
            for record in page.records { lines += try line(for: record, &stand, selection) }
            stand.position = reached
        }
    }

    private func line(
        for record: SandboxRecord,
        _ stand: inout Stand,
        _ selection: Selection
    ) throws(SandboxStatus) -> [UInt8] {
        let object = try SandboxObject(record).served(as: target.apiVersion)
        let mayBeKnown =
            stand.known.contains(record.uid)
            || record.created <= stand.start && !stand.left.contains(record.uid)
        if !record.isDeleted, selection.selects(object) {
            let type = mayBeKnown ? "MODIFIED" : "ADDED"
            stand.known.insert(record.uid)
            return event(type, object, &stand)
        }
        guard mayBeKnown else { return [] }
        guard
            record.isDeleted
                ? selection.selects(object) || selection.canBeLeft
                : isInside(object, selection)
        else { return [] }
        stand.known.remove(record.uid)
        if record.isDeleted { stand.left.remove(record.uid) } else { stand.left.insert(record.uid) }
        return event("DELETED", object, &stand)
    }

    /// Whether an object that is no longer selected could have been: it stands in the namespace.
    private func isInside(_ object: SandboxObject, _ selection: Selection) -> Bool {
        guard selection.namespace == nil || selection.namespace == object.namespace else {
            return false
        }
        return selection.fields?.name.map { $0 == object.name } ?? selection.canBeLeft
    }

    private func event(_ type: String, _ object: SandboxObject, _ stand: inout Stand) -> [UInt8] {
        switch form {
        case .table:
            let table = TableText(target).table(
                of: [object],
                metadata: ["resourceVersion": .string(String(object.revision))],
                withColumns: !stand.hasHeader
            )
            stand.hasHeader = true
            return line(type, table)
        case .metadata: return line(type, object.partial)
        default: return line(type, .object(object.json))
        }
    }

    private func bookmark(_ stand: Stand, isInitialEnd: Bool = false) -> [UInt8] {
        guard call.query.isSet("allowWatchBookmarks") else { return [] }
        var metadata: JSONObject = [
            "resourceVersion": .string(String(stand.position)), "creationTimestamp": nil,
        ]
        if isInitialEnd { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        let meta: JSON = "meta.k8s.io/v1"
        var object: JSONObject =
            switch form {
            case .table:
                ["kind": "Table", "apiVersion": meta, "columnDefinitions": nil, "rows": []]
            case .metadata: ["kind": "PartialObjectMetadata", "apiVersion": meta]
            default:
                [
                    "kind": .string(target.resource.kind.name),
                    "apiVersion": .string(target.apiVersion),
                ]
            }
        object["metadata"] = .object(metadata)
        return line("BOOKMARK", .object(object))
    }

    private func line(_ type: String, _ object: JSON) -> [UInt8] {
        let event: JSON = ["type": .string(type), "object": object]
        return event.serialized() + [0x0A]
    }
}
