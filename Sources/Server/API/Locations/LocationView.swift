import Catalog
import Domain
import JSON
import Storage

/// How the API shows a location.
enum LocationView {
    /// What is wrong with the files of a location.
    struct Findings {
        var problems: [CatalogFile.Problem] = []
        var conflicts: [LocationConflict] = []

        init() {}

        /// What is known now of a location that the caller was let at.
        ///
        /// People of a tenant learn nothing of what is wrong with the platform's: it may name what
        /// others have.
        init(of location: CatalogLocation, _ call: Invocation) async throws {
            let storage = call.services.storage
            let seesAll = call.access.scope(for: .readCatalog) == .everything
            guard seesAll || location.tenant != nil else { return }
            problems = location.status.problems
            problems += try await storage.locations.problems(of: location.id)
            conflicts = try await storage.locations.conflicts(of: location.id)
        }
    }

    static func bytes(_ location: CatalogLocation, _ findings: Findings) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, location, findings)
        return writer.finish()
    }

    /// A location in a list, without what is wrong in detail.
    static func write(_ writer: inout JSONWriter, _ location: CatalogLocation) {
        write(&writer, location, nil)
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ location: CatalogLocation,
        _ findings: Findings?
    ) {
        writer.object { writer in
            writer.member("id", location.id.description)
            writer.key("spec")
            writer.object { writer in
                writer.member("type", "url")
                writer.member("target", location.target.description)
                writer.member("tenant", orNull: location.tenant?.name)
            }
            writer.member("discovered", location.isDiscovered)
            writer.key("status")
            write(&writer, location.status, findings)
            writer.member("createdAt", location.createdAt.description)
            writer.member("updatedAt", location.updatedAt.description)
        }
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ status: LocationStatus,
        _ findings: Findings?
    ) {
        writer.object { writer in
            writer.member("phase", status.phase.rawValue)
            writer.member("commit", orNull: status.commit)
            writer.member("files", status.files)
            writer.member("filesRead", status.filesRead)
            writer.member("entities", status.entities)
            writer.member("orphans", status.orphans)
            writer.member("refreshedAt", orNull: status.refreshedAt?.description)
            guard let findings else { return }
            writer.key("errors")
            writer.array(findings.problems) { $1.write(to: &$0) }
            writer.key("conflicts")
            writer.array(findings.conflicts) { writer, conflict in
                writer.object { writer in
                    writer.member("entityRef", conflict.ref)
                    writer.member("file", conflict.file)
                    writer.member("line", conflict.line)
                    writer.member("heldBy", conflict.heldBy)
                }
            }
        }
    }

    /// The location as Backstage's clients know it.
    static func writePlain(_ writer: inout JSONWriter, _ location: CatalogLocation) {
        writePlain(
            &writer,
            id: location.id.description,
            location.target,
            location.entityReference
        )
    }

    /// One that is not stored: as in Backstage, it has no id of its own.
    static func writePlain(_ writer: inout JSONWriter, _ target: LocationTarget) {
        let reference = "location:\(EntityReference.defaultNamespace)/unregistered"
        writePlain(&writer, id: target.description, target, reference)
    }

    private static func writePlain(
        _ writer: inout JSONWriter,
        id: String,
        _ target: LocationTarget,
        _ reference: String
    ) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("type", "url")
            writer.member("target", target.description)
            writer.member("entityRef", reference)
        }
    }
}
