import Catalog
import Domain
import HTTP
import JSON
import Storage

/// A new location; its files are read at once.
struct CreateLocation: Operation {
    static let endpoint = Endpoint(
        "createLocation",
        .post,
        "/v1/catalog/locations",
        for: .permitted(.writeCatalog),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let wish: LocationWish
    private let tenant: TenantName?
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        (wish, tenant) = try inputs.read { reader in
            reader.object("spec", isRequired: true) { reader in
                _ = reader.optional("type", Self.type)
                let target = reader.required("target", Reading.locationTarget)
                let tenant: TenantName? = reader.optional("tenant", orNull: true, Reading.name)
                return target.map { (LocationWish(target: $0), tenant) }
            }
        }
    }

    private static func type(_ value: JSON) throws(ReadingFault) -> String {
        let type = try Reading.string(value)
        guard type == "url" else {
            throw ReadingFault("unknown-value", "Only locations of type `url` are read.")
        }
        return type
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try wish.check(call)
        let owner = try await LocationWish.tenant(tenant, call)
        let location = wish.location(of: owner, call)
        let resource = LocationView.bytes(location, LocationView.Findings())
        let job = call.refreshJob(of: location)
        let locations = call.services.storage.locations
        if isDryRun {
            let there = try await locations.find(wish.target, of: owner?.id, as: call.access)
            guard there == nil else { throw StorageFault.nameTaken }
            guard try await locations.count(of: owner?.id) < CatalogLocation.countMax else {
                throw StorageFault.locationsExhausted
            }
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: ["target": .string(wish.target.description)],
                job: job
            ).answer(call)
        }
        let change = Change(
            effect: .created(at: "/v1/catalog/locations/\(location.id)"),
            resource: resource,
            revision: location.revision,
            job: job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await locations.create(location, job, for: circumstances)
            },
            current: { try await GetLocation.current(location.id, call) }
        )
    }
}
