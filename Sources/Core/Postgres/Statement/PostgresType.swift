/// The object id of a PostgreSQL type (`pg_type.oid`); those of built-in types never change.
package struct PostgresType: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Left to PostgreSQL to infer from where the parameter stands.
    package static let inferred = PostgresType(rawValue: 0)
    /// The type `boolean`.
    package static let bool = PostgresType(rawValue: 16)
    /// The type `bytea`.
    package static let bytea = PostgresType(rawValue: 17)
    /// The type `bigint`.
    package static let int8 = PostgresType(rawValue: 20)
    /// The type `smallint`.
    package static let int2 = PostgresType(rawValue: 21)
    /// The type `integer`.
    package static let int4 = PostgresType(rawValue: 23)
    /// The type `text`.
    package static let text = PostgresType(rawValue: 25)
    /// The type `json`.
    package static let json = PostgresType(rawValue: 114)
    /// The type `real`.
    package static let float4 = PostgresType(rawValue: 700)
    /// The type `double precision`.
    package static let float8 = PostgresType(rawValue: 701)
    /// The type `timestamptz`.
    package static let timestamptz = PostgresType(rawValue: 1184)
    /// The type `uuid`.
    package static let uuid = PostgresType(rawValue: 2950)
    /// The type `jsonb`.
    package static let jsonb = PostgresType(rawValue: 3802)
    /// The type `boolean[]`.
    package static let boolArray = PostgresType(rawValue: 1000)
    /// The type `bytea[]`.
    package static let byteaArray = PostgresType(rawValue: 1001)
    /// The type `smallint[]`.
    package static let int2Array = PostgresType(rawValue: 1005)
    /// The type `integer[]`.
    package static let int4Array = PostgresType(rawValue: 1007)
    /// The type `text[]`.
    package static let textArray = PostgresType(rawValue: 1009)
    /// The type `bigint[]`.
    package static let int8Array = PostgresType(rawValue: 1016)
    /// The type `double precision[]`.
    package static let float8Array = PostgresType(rawValue: 1022)
    /// The type `timestamptz[]`.
    package static let timestamptzArray = PostgresType(rawValue: 1185)
    /// The type `uuid[]`.
    package static let uuidArray = PostgresType(rawValue: 2951)
    /// The type `jsonb[]`.
    package static let jsonbArray = PostgresType(rawValue: 3807)
}
