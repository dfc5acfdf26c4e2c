import Domain

extension ResourceName {
    /// The names in a column.
    static func names(in column: [String]) -> [ResourceName] {
        // A table holds no name that is none.
        column.compactMap { try? ResourceName(parsing: $0) }
    }
}
