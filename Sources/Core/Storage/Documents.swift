import Domain
import JSON
import Postgres

/// JSON text that is stored and sent out as it is, in a `json` column.
struct Document: Sendable, Equatable, Bindable {
    var bytes: [UInt8]

    init(_ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(reserving: 256)
        write(&writer)
        bytes = writer.finish()
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static var postgresType: PostgresType { PostgresType.json }
    static var postgresArrayType: PostgresType { .inferred }

    /// The binary form of `json` is its text.
    func bind(to writer: inout ParameterWriter) {
        writer.write(bytes)
    }
}

extension Labels {
    /// What label selectors look for: `key` and `key=value` of each label.
    var terms: [String] {
        var terms: [String] = []
        terms.reserveCapacity(pairs.count * 2)
        for pair in pairs {
            terms.append(pair.key.description)
            terms.append("\(pair.key)=\(pair.value)")
        }
        return terms
    }
}

/// Parses a stored document; PostgreSQL has checked that it is JSON.
func parsed(_ bytes: [UInt8]) throws(StorageFault) -> JSON {
    do throws(JSONFault) {
        return try JSON.parse(bytes)
    } catch {
        throw .unreadable("\(error)")
    }
}

/// Runs a reader of a stored document and says what its fault means.
func reading<Value>(
    _ body: () throws(DocumentFault) -> Value
) throws(StorageFault) -> Value {
    do throws(DocumentFault) {
        return try body()
    } catch {
        throw .unreadable(error.description)
    }
}
