import Domain
import Postgres

/// Finds the history of tenants by name, also of those that were deleted.
///
/// A name may have belonged to several tenants, one after the other. Whether the caller may see
/// them all is decided by their ids, in the condition of the caller's scope.
enum TenantNaming {
    /// The condition that a page of the history of one tenant carries.
    static let condition: SQL = "tenant_id = named.tenant"

    /// The page over all tenants that bear or bore `name`; the page as it is where there is no
    /// name.
    ///
    /// One look for each of them, so that each walks its index in order and ends with the page.
    static func page(_ page: SQL, of name: TenantName?, ending: SQL) -> SQL {
        guard let name else { return page }
        return """
            SELECT mine.*
              FROM (
                SELECT id AS tenant FROM tenant WHERE name = \(name.text)
                 UNION ALL
                SELECT id AS tenant FROM former_tenant WHERE name = \(name.text)
              ) named CROSS JOIN LATERAL (
                \(page)
              ) mine
            \(ending)
            """
    }
}
