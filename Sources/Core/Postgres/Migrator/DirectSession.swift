internal import CPostgres
internal import Glibc

/// A session that blocks its thread, for work at start-up and in tests; not for a loop's thread.
struct DirectSession: ~Copyable {
    /// A statement that PostgreSQL refused, or a session that was lost (empty SQLSTATE).
    struct Fault: Error, Equatable {
        var sqlState: String
        var message: String
    }

    private let connection: OpaquePointer

    /// - Throws: `ConnectFault` with libpq's reason.
    init(_ target: ConnectionString) throws(ConnectFault) {
        var settings =
            target.settings + [
                .init(keyword: "gssencmode", value: "disable"),
                .init(keyword: "client_encoding", value: "UTF8"),
            ]
        if target["target_session_attrs"] == nil {
            settings.append(.init(keyword: "target_session_attrs", value: "read-write"))
        }
        let connection = CStringArray.with(settings.map(\.keyword)) { keywords in
            CStringArray.with(settings.map(\.value)) { values in
                PQconnectdbParams(keywords.baseAddress, values.baseAddress, 0)
            }
        }
        guard let connection else { throw ConnectFault(reason: "out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let reason = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw ConnectFault(reason: reason.trimmed)
        }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        self.connection = connection
    }

    deinit {
        PQfinish(connection)
    }

    /// Whether a pooler answers for the server: it names a process of its own making to libpq.
    func isPooled() throws(Fault) -> Bool {
        try run("SELECT pg_backend_pid()").first?.first != String(PQbackendPID(connection))
    }

    /// Runs statements; several only where none of them has an answer that matters.
    ///
    /// - Returns: the last one's rows as text.
    @discardableResult
    func run(_ text: String) throws(Fault) -> [[String?]] {
        try rows(of: PQexec(connection, text))
    }

    /// Runs one statement with values in text form.
    @discardableResult
    func run(_ text: String, _ values: [String]) throws(Fault) -> [[String?]] {
        let result = CStringArray.with(values) { values in
            // The array ends with a NULL of its own.
            PQexecParams(
                connection,
                text,
                Int32(values.count - 1),
                nil,
                values.baseAddress,
                nil,
                nil,
                0
            )
        }
        return try rows(of: result)
    }

    private func rows(of result: OpaquePointer?) throws(Fault) -> [[String?]] {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return []
        case PGRES_TUPLES_OK:
            return (0..<PQntuples(result)).map { row in
                (0..<PQnfields(result)).map { column in
                    PQgetisnull(result, row, column) != 0
                        ? nil : String(cString: PQgetvalue(result, row, column))
                }
            }
        default:
            let state = PQresultErrorField(result, Diagnostic.sqlState.rawValue)
            let message = PQresultErrorField(result, Diagnostic.message.rawValue)
            throw Fault(
                sqlState: state.map { String(cString: $0) } ?? "",
                message: message.map { String(cString: $0) }
                    ?? String(cString: PQerrorMessage(connection)).trimmed
            )
        }
    }
}

/// The parts of an error report that libpq's macros `PG_DIAG_…` name by a letter.
enum Diagnostic: Int32 {
    case severity = 0x56  // V, never translated
    case sqlState = 0x43  // C
    case message = 0x4D  // M
    case column = 0x63  // c
    case constraint = 0x6E  // n
}

extension String {
    /// Without blanks and line ends on either side.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
