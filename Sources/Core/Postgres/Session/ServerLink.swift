internal import CPostgres
internal import EventLoop

/// The one owner of a libpq connection in non-blocking pipeline mode, and the only place that
/// makes its calls.
struct ServerLink: ~Copyable {
    /// How far opening has come.
    enum Progress: Equatable {
        case wantsRead
        case wantsWrite
        case open
        case failed(String)
    }

    /// What libpq has to hand over.
    enum Answer {
        case success(QueryResult)
        case failure(Refusal)
        case skipped
        case sync
        case nothing
        /// Something that we never asked for (COPY).
        case unexpected

        var kind: PipelineMachine.Answer? {
            switch self {
            case .success: .success
            case .failure: .failure
            case .skipped: .skipped
            case .sync: .sync
            case .nothing: .nothing
            case .unexpected: nil
            }
        }
    }

    private let connection: OpaquePointer

    /// Begins to open a session; names must have been resolved, for libpq would block on them.
    init?(starting settings: [ConnectionString.Setting]) {
        let connection = CStringArray.with(settings.map(\.keyword)) { keywords in
            CStringArray.with(settings.map(\.value)) { values in
                PQconnectStartParams(keywords.baseAddress, values.baseAddress, 0)
            }
        }
        guard let connection else { return nil }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        self.connection = connection
    }

    deinit {
        PQfinish(connection)
    }

    /// The descriptor to wait for; it may change while the session is being opened.
    var socket: Int32 { PQsocket(connection) }

    /// Whether libpq noticed from the start that the settings are of no use.
    var isBad: Bool { PQstatus(connection) == CONNECTION_BAD }

    var errorMessage: String { String(cString: PQerrorMessage(connection)).trimmed }

    /// Goes on with opening after the socket became ready.
    func proceed() -> Progress {
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_READING: return .wantsRead
        case PGRES_POLLING_WRITING: return .wantsWrite
        case PGRES_POLLING_OK:
            guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1
            else { return .failed(errorMessage) }
            return .open
        default: return .failed(errorMessage)
        }
    }

    /// Has a statement prepared under a name.
    func prepare(_ sql: SQL, as name: String) -> Bool {
        let parameters = sql.parameters
        return withUnsafeTemporaryAllocation(of: Oid.self, capacity: parameters.count) { types in
            for index in 0..<parameters.count {
                types.initializeElement(at: index, to: parameters[index].type.rawValue)
            }
            return PQsendPrepare(
                connection,
                name,
                sql.text,
                Int32(parameters.count),
                types.baseAddress
            ) == 1
        }
    }

    /// Runs a prepared statement, asking for binary results.
    func execute(_ name: String, _ parameters: Parameters) -> Bool {
        let count = parameters.count
        guard count > 0 else {
            return PQsendQueryPrepared(connection, name, 0, nil, nil, nil, 1) == 1
        }
        return parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(count), values, lengths, formats, 1) == 1
        }
    }

    /// Has a prepared statement forgotten; its name is one of ours.
    func deallocate(_ name: String) -> Bool {
        PQsendQueryParams(connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1
    }

    /// Ends the batch and sends what is waiting.
    func sync() -> Bool { PQpipelineSync(connection) == 1 }

    /// Whether everything was sent; nil when the session is lost.
    func flush() -> Bool? {
        switch PQflush(connection) {
        case 0: true
        case 1: false
        default: nil
        }
    }

    /// Takes what the socket holds; false when the session is lost.
    func consumeInput() -> Bool { PQconsumeInput(connection) == 1 }

    /// Whether the next answer has not arrived completely.
    var isBusy: Bool { PQisBusy(connection) == 1 }

    func nextAnswer() -> Answer {
        guard let result = PQgetResult(connection) else { return .nothing }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return .success(QueryResult(owning: result))
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            return .sync
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            return .skipped
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            return .failure(refusal(in: result))
        default:
            PQclear(result)
            return .unexpected
        }
    }

    /// The next notification that has arrived.
    func nextNotification() -> Notification? {
        guard let notify = PQnotifies(connection) else { return nil }
        defer { PQfreemem(notify) }
        return .received(
            channel: String(cString: notify.pointee.relname),
            payload: String(cString: notify.pointee.extra)
        )
    }

    private func refusal(in result: OpaquePointer) -> Refusal {
        func field(_ diagnostic: Diagnostic) -> String {
            PQresultErrorField(result, diagnostic.rawValue).map { String(cString: $0) } ?? ""
        }
        let message = field(.message)
        return Refusal(
            sqlState: field(.sqlState),
            message: message.isEmpty
                ? String(cString: PQresultErrorMessage(result)).trimmed : message,
            constraint: field(.constraint),
            column: field(.column),
            isFatal: ["FATAL", "PANIC"].contains(field(.severity))
        )
    }
}
