package import Domain
import JSON

/// The identity of an entity; another one when it is deleted and made anew.
package typealias EntityID = ID<Entity>

/// An entity as the catalog holds it: the descriptor, whose it is, and where it comes from.
package struct CatalogEntity: Sendable, Equatable {
    /// The most entities of one tenant.
    package static let countMax = 100_000

    /// The identity.
    package let id: EntityID
    /// The descriptor.
    package private(set) var entity: Entity
    /// Whose it is; nil for the platform's, which everybody sees.
    package private(set) var tenant: TenantReference?
    /// The location that holds it; nil where it came through the API.
    package let location: String?
    /// Goes up with every change.
    package private(set) var revision: Int64
    /// When it came into the catalog.
    package let createdAt: Instant
    /// When it was changed last.
    package private(set) var updatedAt: Instant

    /// Puts together what is known of it.
    package init(
        id: EntityID,
        entity: Entity,
        tenant: TenantReference?,
        location: String? = nil,
        revision: Int64 = 1,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.entity = entity
        self.tenant = tenant
        self.location = location
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The entity as events, jobs and the audit log mention it.
    package var subject: ObjectReference {
        ObjectReference(kind: .entity, id: id.cast(), name: entity.reference.description)
    }

    /// The entity with another descriptor; nil where nothing changes.
    ///
    /// - Throws: where it comes from elsewhere, or belongs to somebody else.
    package func changed(
        to entity: Entity,
        of tenant: TenantReference?,
        by access: Access,
        at moment: Instant
    ) throws(CatalogRefusal) -> CatalogEntity? {
        try checkHold(by: access)
        guard entity != self.entity || tenant != self.tenant else { return nil }
        var next = self
        next.entity = entity
        next.tenant = tenant
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    /// - Throws: where the caller may see the entity but not change it here.
    package func checkHold(by access: Access) throws(CatalogRefusal) {
        if let own = access.tenant, tenant?.id != own { throw .isPlatforms }
        if let location { throw .isHeld(by: location) }
    }
}

/// Why the catalog does not take a change.
package enum CatalogRefusal: Error, Equatable {
    /// A tenant's people write into the namespace of their tenant alone.
    case foreignNamespace
    /// The entity belongs to the platform.
    case isPlatforms
    /// The entity comes from a location, and is changed there.
    case isHeld(by: String)
}

extension CatalogEntity {
    /// Whose an entity of that namespace is: the tenant's of that name, where there is one, and the
    /// platform's otherwise.
    ///
    /// `tenant` is the tenant called like the namespace, as far as the caller may see it.
    ///
    /// - Throws: where the caller may not write into the namespace.
    package static func owner(
        ofNamespace tenant: TenantReference?,
        by access: Access
    ) throws(CatalogRefusal) -> TenantReference? {
        if let own = access.tenant, tenant?.id != own { throw .foreignNamespace }
        return tenant
    }
}
