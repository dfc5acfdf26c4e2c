package import Domain
package import Postgres

extension ID: BindableAs, ColumnDecodableAs {
    package var bound: UUIDBytes { UUIDBytes(high: high, low: low) }
    package init?(column: UUIDBytes) { self.init(high: column.high, low: column.low) }
}

extension Domain.Instant: BindableAs, ColumnDecodableAs {
    package var bound: Postgres.Instant { Postgres.Instant(microseconds: microseconds) }
    package init?(column: Postgres.Instant) { self.init(microseconds: column.microseconds) }
}
