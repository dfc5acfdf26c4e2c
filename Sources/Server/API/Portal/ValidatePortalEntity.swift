import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /validate-entity`: whether the catalog would take a descriptor.
struct ValidatePortalEntity: Operation {
    static let endpoint = Endpoint(
        "validatePortalEntity",
        .post,
        "/api/catalog/validate-entity",
        for: .permitted(.readCatalog),
        body: .json,
        [.portal]
    )

    private let faults: [String]

    init(reading inputs: Inputs) throws(Problem) {
        faults = Self.faults(of: inputs.body)
    }

    private static func faults(of body: JSON) -> [String] {
        guard let location = body["location"]?.string, let entity = body["entity"] else {
            return ["Malformed request: `entity` and `location` are required"]
        }
        guard LocationReference(parsing: location)?.type == "url" else {
            return [
                "Invalid location ref \(location), only 'url:<target>' is supported, e.g. "
                    + "url:https://host/path"
            ]
        }
        do throws(EntityFaults) {
            _ = try Entity(parsing: entity)
            return []
        } catch {
            return error.entries.map { "\($0.pointer) \($0.detail)" }
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard !faults.isEmpty else { return Answer(.ok) }
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            writer.key("errors")
            writer.array(faults) { writer, message in
                writer.object { writer in
                    writer.member("name", "InputError")
                    writer.member("message", message)
                }
            }
        }
        return .json(.badRequest, writer.finish())
    }
}
