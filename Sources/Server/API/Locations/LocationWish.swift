import Catalog
import Domain
import JSON
import Secrets
import Storage

/// A location that somebody wants, as far as it can be judged without a look at it.
struct LocationWish {
    let target: LocationTarget

    /// - Throws: why the repository is not read at its address.
    func check(_ call: Invocation) throws(Problem) {
        guard let refusal = call.services.catalog.refusalOfAddress(target.repository) else {
            return
        }
        throw Problem(invalid: [
            Fault(
                .body(JSONPointer(["spec", "target"])),
                code: "refused-address",
                detail: refusal
            )
        ])
    }

    /// Whose location it becomes: the caller's tenant's, or the one that a caller of the platform
    /// names.
    static func tenant(
        _ name: TenantName?,
        _ call: Invocation
    ) async throws -> TenantReference? {
        let storage = call.services.storage
        if let name {
            guard let found = try await storage.tenants.find(name, as: call.access) else {
                throw Problem(invalid: [
                    Fault(
                        .body(JSONPointer(["spec", "tenant"])),
                        code: "unknown-tenant",
                        detail: "There is no such tenant."
                    )
                ])
            }
            return TenantReference(id: found.id, name: found.name)
        }
        guard let own = call.access.tenant else { return nil }
        guard let found = try await storage.tenants.find(own, as: call.access) else {
            throw Problem.notFound
        }
        return TenantReference(id: found.id, name: found.name)
    }

    /// The location as it is stored first.
    func location(
        of tenant: TenantReference?,
        _ call: Invocation
    ) -> CatalogLocation {
        var random = SecureRandom()
        return CatalogLocation(
            id: LocationID(at: call.now, using: &random),
            tenant: tenant,
            target: target,
            createdAt: call.now,
            updatedAt: call.now
        )
    }
}

extension Reading {
    /// Which files of which repository.
    static func locationTarget(_ value: JSON) throws(ReadingFault) -> LocationTarget {
        let text = try string(value)
        do throws(LocationTargetFault) {
            return try LocationTarget(parsing: text)
        } catch {
            throw ReadingFault("invalid-target", error.detail)
        }
    }
}

extension Invocation {
    /// The location with that id.
    ///
    /// - Throws: `not-found` where there is none that the caller may see.
    func location(_ id: LocationID) async throws -> CatalogLocation {
        let found = try await services.storage.locations.find(id, as: access)
        guard let found else { throw Problem.notFound }
        return found
    }

    /// A job about a location.
    func refreshJob(of location: CatalogLocation) -> NewJob {
        var random = SecureRandom()
        return location.refresh(JobID(at: now, using: &random))
    }
}
