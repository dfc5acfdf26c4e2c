import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /locations`: registers a location, or shows with `dryRun` what it would hold.
struct CreatePortalLocation: Operation {
    static let endpoint = Endpoint(
        "createPortalLocation",
        .post,
        "/api/catalog/locations",
        for: .permitted(.writeCatalog),
        parameters: ["dryRun", "onConflict"],
        body: .json,
        [.audited, .portal]
    )

    private let wish: LocationWish
    private let isDryRun: Bool
    /// Whether one that is there is read again instead of being refused.
    private let refreshes: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = ["true", "1", "yes", "on"].contains(inputs.call.query["dryRun"] ?? "")
        switch inputs.call.query["onConflict"] ?? "" {
        case "", "reject": refreshes = false
        case "refresh": refreshes = true
        default:
            throw .invalidQuery([
                .query(
                    "onConflict",
                    "unknown-value",
                    "Invalid onConflict, must be refresh or reject"
                )
            ])
        }
        wish = LocationWish(target: try inputs.portalTarget(in: inputs.body))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try wish.check(call)
        let tenant = try await LocationWish.tenant(nil, call)
        let locations = call.services.storage.locations
        let there = try await locations.find(wish.target, of: tenant?.id, as: call.access)
        if isDryRun {
            let preview = try await call.preview(wish.target, for: tenant)
            return Self.answer(there, wish.target, preview.entities, exists: there != nil)
        }
        if let there {
            if refreshes { return try await Self.refresh(there, call) }
            throw Problem(.nameTaken, "Location url:\(wish.target) already exists")
        }
        let location = wish.location(of: tenant, call)
        let job = call.refreshJob(of: location)
        do {
            _ = try await locations.create(location, job, for: call.circumstances)
        } catch StorageFault.nameTaken {
            // Somebody was faster.
            let there = try await locations.find(wish.target, of: tenant?.id, as: call.access)
            if refreshes, let there { return try await Self.refresh(there, call) }
            throw Problem(.nameTaken, "Location url:\(wish.target) already exists")
        }
        call.services.jobStored()
        return Self.answer(location, wish.target, [], exists: nil)
    }

    /// Has the location that is there looked at within seconds.
    private static func refresh(
        _ location: CatalogLocation,
        _ call: Invocation
    ) async throws -> Answer {
        try await call.services.storage.locations.touch(location.id, as: call.access)
        return answer(location, location.target, [], exists: true)
    }

    private static func answer(
        _ location: CatalogLocation?,
        _ target: LocationTarget,
        _ entities: [(entity: Entity, file: String)],
        exists: Bool?
    ) -> Answer {
        var writer = JSONWriter(reserving: 512 + entities.count * 1_024)
        writer.object { writer in
            writer.key("location")
            if let location {
                LocationView.writePlain(&writer, location)
            } else {
                LocationView.writePlain(&writer, target)
            }
            writer.key("entities")
            writer.array(entities) { writer, found in
                let hold = EntityHold(file: "url:\(found.file)", origin: "url:\(target)")
                writer.value(.object(found.entity.document.with(hold.annotations)))
            }
            if let exists { writer.member("exists", exists) }
        }
        return .json(.created, writer.finish())
    }
}

extension Inputs {
    /// The target in `{type: "url", target}`.
    func portalTarget(in location: JSON?) throws(Problem) -> LocationTarget {
        guard let target = location?["target"]?.string, let type = location?["type"]?.string else {
            throw Problem(.invalidInput, "Malformed request: `type` and `target` are required")
        }
        guard type == "url" else {
            throw Problem(.invalidInput, "Registered locations must be of type `url`")
        }
        do throws(LocationTargetFault) {
            return try LocationTarget(parsing: target)
        } catch {
            throw Problem(.invalidInput, "Invalid target: \(error.detail)")
        }
    }
}

extension Invocation {
    /// What a target holds; as many as blueprints are rendered are looked at once.
    func preview(
        _ target: LocationTarget,
        for tenant: TenantReference?
    ) async throws -> APICatalog.Preview {
        guard let caller else { preconditionFailure("previews need a caller") }
        let place = try services.renderings.enter(for: caller.token)
        let preview = try await services.catalog.preview(target, tenant)
        return withExtendedLifetime(place) { preview }
    }
}

extension JSONObject {
    /// The descriptor with more annotations.
    func with(_ more: [(key: String, value: String)]) -> JSONObject {
        var document = self
        var metadata = document["metadata"]?.object ?? JSONObject()
        var annotations = metadata["annotations"]?.object ?? JSONObject()
        for (key, value) in more { annotations[key] = .string(value) }
        metadata["annotations"] = .object(annotations)
        document["metadata"] = .object(metadata)
        return document
    }
}
