internal import CPostgres

/// Where a PostgreSQL database is and how to log in: a URL (`postgresql://…`) or libpq's
/// `keyword=value` text.
///
/// It never shows a password.
package struct ConnectionString: Sendable, Equatable {
    /// One libpq setting.
    struct Setting: Sendable, Equatable {
        var keyword: String
        var value: String
    }

    private(set) var settings: [Setting]

    /// - Throws: `ConnectionStringFault` with libpq's reason, unless that quotes the text.
    package init(parsing text: String) throws(ConnectionStringFault) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            let reason = message.map { String(cString: $0) } ?? "out of memory"
            PQfreemem(message)
            // libpq quotes what it does not understand, and that may hold the password.
            throw ConnectionStringFault(
                reason: reason.contains("\"") || reason.contains("://")
                    ? "it must be postgresql://user:password@host:port/database" : reason.trimmed
            )
        }
        defer { PQconninfoFree(options) }
        settings = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                settings.append(
                    Setting(keyword: String(cString: keyword), value: String(cString: value))
                )
            }
            option += 1
        }
    }

    /// A server that listens on `.s.PGSQL.5432` in `directory`.
    package init(socketDirectory directory: String, user: String, database: String) {
        settings = [
            Setting(keyword: "host", value: directory), Setting(keyword: "user", value: user),
            Setting(keyword: "dbname", value: database),
        ]
    }

    /// The value of a libpq keyword, when it was given.
    package subscript(keyword: String) -> String? {
        settings.first { $0.keyword == keyword }?.value
    }

    /// The same with one keyword set to another value.
    package func setting(_ keyword: String, to value: String) -> ConnectionString {
        var changed = self
        changed.settings.removeAll { $0.keyword == keyword }
        changed.settings.append(Setting(keyword: keyword, value: value))
        return changed
    }
}

/// A connection string that libpq does not understand.
package struct ConnectionStringFault: Error, Equatable, CustomStringConvertible {
    /// libpq's words.
    package let reason: String

    package var description: String { "not a PostgreSQL connection string: \(reason)" }
}

extension ConnectionString: CustomStringConvertible {
    /// Host, port, database and user; nothing else.
    package var description: String {
        ["host", "port", "dbname", "user"]
            .compactMap { keyword in self[keyword].map { "\(keyword)=\($0)" } }
            .joined(separator: " ")
    }
}
