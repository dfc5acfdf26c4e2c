/// PostgreSQL could not be reached or did not let us in.
package struct ConnectFault: Error, Equatable, CustomStringConvertible {
    /// The reason in libpq's words.
    package let reason: String

    package var description: String { reason }
}
