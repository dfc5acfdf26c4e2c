import Domain
import JSON
import Storage

/// The log of a job, by page or live until the job has ended or is stalled.
struct GetJobLog: Operation {
    static let endpoint = Endpoint.reading(
        "getJobLog",
        "/v1/jobs/{job}/log",
        .readJobs,
        parameters: ["after", "limit"]
    )

    private let id: JobID
    private let following: Following

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("job")
        following = try Following(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        if following.isStream { return try await stream(call) }
        let (lines, next, _) = try await read(call, after: following.after)
        return following.page(lines, next: next, call, JobView.write)
    }

    private func stream(_ call: Invocation) async throws -> Answer {
        let stream = LiveStream(call: call, signal: call.services.jobSignal) { position in
            // Asked first: lines that come before the end are then all there.
            let job = try await call.services.storage.jobs.find(id, as: call.access)
            let (lines, next, hasMore) = try await read(call, after: position)
            let state = job?.state
            let isOver = state.map { $0.isFinal || $0 == .stalled } ?? true
            let end = isOver && !hasMore ? [Self.end(after: next, state)] : []
            return LiveStream.Look(
                events: lines.map(Self.message) + end,
                next: next,
                hasMore: hasMore,
                isEnd: !end.isEmpty
            )
        }
        return try await stream.answer(after: following.after)
    }

    private func read(
        _ call: Invocation,
        after: Int64?
    ) async throws -> (lines: [JobLogLine], next: Int64, hasMore: Bool) {
        let after = after ?? 0
        let page = try await call.services.storage.jobs.log(
            of: id,
            after: Int(after),
            limit: following.limit,
            as: call.access
        )
        guard let page else { throw Problem.notFound }
        return (page.items, page.items.last.map { Int64($0.line) } ?? after, page.hasMore)
    }

    /// Tells the reader not to come back: nothing follows, unless a person acts.
    private static func end(after line: Int64, _ state: JobState?) -> ServerSentEvent {
        var writer = JSONWriter(reserving: 64)
        writer.beginObject()
        writer.member("phase", orNull: state?.rawValue)
        writer.endObject()
        return ServerSentEvent(id: String(line), type: "end", data: writer.finish())
    }

    private static func message(_ line: JobLogLine) -> ServerSentEvent {
        var writer = JSONWriter(reserving: 256)
        JobView.write(&writer, line)
        return ServerSentEvent(id: String(line.line), type: "line", data: writer.finish())
    }
}
