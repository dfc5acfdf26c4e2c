import Catalog
import Domain
import HTTP
import Storage

/// A look at the files of a location, now.
struct RefreshLocation: Operation {
    static let endpoint = Endpoint(
        "refreshLocation",
        .post,
        "/v1/catalog/locations/{location}:refresh",
        for: .permitted(.writeCatalog),
        [.changes, .waits]
    )

    private let id: LocationID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let location = try await call.location(id)
        if let own = call.access.tenant, location.tenant?.id != own {
            throw Problem(
                .stateConflict,
                "The location belongs to the platform. Ask a platform-admin to refresh it."
            )
        }
        let job = call.refreshJob(of: location)
        let findings = try await LocationView.Findings(of: location, call)
        let change = Change(
            effect: .changed,
            resource: LocationView.bytes(location, findings),
            revision: location.revision,
            job: job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.locations.refresh(location, job, for: circumstances)
            },
            current: { try await GetLocation.current(location.id, call) }
        )
    }
}
