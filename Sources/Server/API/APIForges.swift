/// What the API needs for forges beside what is stored.
package struct APIForges: Sendable {
    /// Says why a forge is not reached at an address, as a sentence; nil where it is.
    let refusalOfAddress: @Sendable (String) -> String?
    /// Told after something was stored that a forge is to be told.
    let changed: @Sendable () -> Void

    /// Forges at the addresses that are let through.
    package init(
        refusalOfAddress: @escaping @Sendable (String) -> String?,
        changed: @escaping @Sendable () -> Void = {}
    ) {
        self.refusalOfAddress = refusalOfAddress
        self.changed = changed
    }
}
