import Catalog
import Domain
import JSON

/// Turns the bytes of one file into entities that know where they come from.
struct FileReader {
    /// Whose location it is; nil for the platform's.
    let tenant: TenantReference?
    let target: LocationTarget

    /// Reads a file that has not too many bytes.
    func read(_ bytes: [UInt8], blob: String) -> ReadFile {
        let namespace = tenant?.name ?? EntityReference.defaultNamespace
        let file = CatalogFile(bytes, path: target.path, namespace: namespace)
        var read = ReadFile(
            target: target,
            blob: blob,
            entries: [],
            problems: file.problems,
            links: []
        )
        for entry in file.entries {
            if let problem = refusal(of: entry) {
                read.problems.append(problem)
                continue
            }
            for link in links(of: entry) {
                switch link {
                case .success(let target) where read.links.contains(target): continue
                case .success(let target): read.links.append(target)
                case .failure(let problem): read.problems.append(problem)
                }
            }
            read.entries.append(ReadFile.Entry(entity: placed(entry.entity), line: entry.line))
        }
        return read
    }

    /// A file that is not read for its size.
    func tooLarge(_ size: Int, blob: String) -> ReadFile {
        let detail =
            "The file has \(size) bytes; at most \(CatalogFile.bytesMax >> 20) MiB are read. "
            + "Split it."
        let problem = CatalogFile.Problem(path: target.path, "too-large", detail)
        return ReadFile(target: target, blob: blob, entries: [], problems: [problem], links: [])
    }

    /// What a tenant's files say stands in the namespace of the tenant alone.
    private func refusal(of entry: CatalogFile.Entry) -> CatalogFile.Problem? {
        guard let tenant, entry.entity.namespace != tenant.name else { return nil }
        return CatalogFile.Problem(
            path: target.path,
            "foreign-namespace",
            "\(entry.entity.reference) is in the namespace `\(entry.entity.namespace)`. Entities "
                + "of the tenant stand in `\(tenant.name)`: write that, or leave it out.",
            line: entry.line,
            pointer: JSONPointer(["metadata", "namespace"])
        )
    }

    private enum Link: Error {
        case failure(CatalogFile.Problem)
        case success(String)
    }

    /// The targets that an entity of kind Location names.
    private func links(of entry: CatalogFile.Entry) -> [Link] {
        guard entry.entity.reference.kind == "location" else { return [] }
        let spec = entry.entity.document["spec"]
        let texts =
            [spec?["target"]?.string].compactMap(\.self)
            + (spec?["targets"]?.array ?? []).compactMap(\.string)
        return texts.map { text in
            do throws(LocationTargetFault) {
                return .success(try target.resolving(text).description)
            } catch {
                return .failure(
                    CatalogFile.Problem(
                        path: target.path,
                        "invalid-target",
                        "`\(text.prefix(200))`: \(error.detail)",
                        line: entry.line,
                        pointer: JSONPointer(["spec", "target"])
                    )
                )
            }
        }
    }

    /// The entity with where people read and change it, unless it says so itself.
    private func placed(_ entity: Entity) -> Entity {
        var document = entity.document
        var metadata = document["metadata"]?.object ?? JSONObject()
        var annotations = metadata["annotations"]?.object ?? JSONObject()
        let places = [
            (WellKnownAnnotation.viewURL, target.viewURL),
            (WellKnownAnnotation.editURL, target.editURL),
            (WellKnownAnnotation.sourceLocation, target.sourceLocation),
        ]
        for (key, place) in places where annotations[key] == nil {
            annotations[key] = place.map { .string($0) }
        }
        metadata["annotations"] = .object(annotations)
        document["metadata"] = .object(metadata)
        // With two hundred annotations of its own there is no room for these: it stays as it is.
        return (try? Entity(parsing: .object(document))) ?? entity
    }
}
