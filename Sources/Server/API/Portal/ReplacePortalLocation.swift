import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `PUT /locations/{id}`: has a location read from another target, in its place.
struct ReplacePortalLocation: Operation {
    static let endpoint = Endpoint(
        "replacePortalLocation",
        .put,
        "/api/catalog/locations/{location}",
        for: .permitted(.writeCatalog),
        body: .json,
        [.audited, .portal]
    )

    private let id: LocationID
    private let wish: LocationWish

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
        wish = LocationWish(target: try inputs.portalTarget(in: inputs.body))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let location = try await call.location(id)
        try wish.check(call)
        try DeleteLocation.check(location, call)
        guard wish.target != location.target else { return GetPortalLocation.answer(location) }
        let moved = location.moved(to: wish.target, at: call.now)
        do {
            _ = try await call.services.storage.locations.move(
                moved,
                call.refreshJob(of: moved),
                for: call.circumstances
            )
        } catch StorageFault.nameTaken {
            throw Problem(.nameTaken, "Location url:\(wish.target) already exists")
        }
        call.services.jobStored()
        return GetPortalLocation.answer(moved)
    }
}
