package import Domain
import JSON

/// The identity of an entity; another one when it is deleted and made anew.
package typealias EntityID = ID<Entity>

/// An entity as the catalog holds it: the descriptor, whose it is, and where it comes from.
package struct CatalogEntity: Sendable, Equatable {
    /// The most entities of one tenant: a largest location, as many others, and its own.
    package static let countMax = 200_000
    /// Bytes of the descriptors of one tenant: 512 MiB.
    package static let bytesMax = 512 << 20

    /// The identity.
    package let id: EntityID
    /// The descriptor.
    package private(set) var entity: Entity
    /// Whose it is; nil for the platform's, which everybody sees.
    package private(set) var tenant: TenantReference?
    /// Where it comes from; nil where it came through the API.
    package private(set) var hold: EntityHold?
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
        hold: EntityHold? = nil,
        revision: Int64 = 1,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.entity = entity
        self.tenant = tenant
        self.hold = hold
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
        guard entity != self.entity || tenant != self.tenant || hold != nil else { return nil }
        var next = self
        next.entity = entity
        next.hold = nil
        next.tenant = tenant
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    /// What nothing leads to any more is free for whoever takes it.
    ///
    /// - Throws: where the caller may see the entity but not change it here.
    package func checkHold(by access: Access) throws(CatalogRefusal) {
        if let own = access.tenant, tenant?.id != own { throw .isPlatforms }
        if let hold, hold.orphanedAt == nil { throw .isHeld(by: hold.file) }
    }
}

/// Which file an entity comes from.
package struct EntityHold: Sendable, Equatable {
    /// The file, as `<type>:<target>`.
    package var file: String
    /// The location that led to the file, in the same form.
    package var origin: String
    /// Since when nothing leads to it any more; nil while something does.
    package var orphanedAt: Instant?

    /// Puts together the parts as they are.
    package init(file: String, origin: String, orphanedAt: Instant? = nil) {
        self.file = file
        self.origin = origin
        self.orphanedAt = orphanedAt
    }

    /// What is said of it among the annotations.
    package var annotations: [(key: String, value: String)] {
        [
            (WellKnownAnnotation.managedByLocation, file),
            (WellKnownAnnotation.managedByOriginLocation, origin),
        ] + (orphanedAt == nil ? [] : [(WellKnownAnnotation.orphan, "true")])
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
