import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /entities/by-refs`: an entity or `null` for each reference, in their order.
struct GetPortalEntitiesByRefs: Operation {
    /// The most references of one question.
    private static let referencesMax = 1_000

    static let endpoint = Endpoint(
        "getPortalEntitiesByRefs",
        .post,
        "/api/catalog/entities/by-refs",
        for: .permitted(.readCatalog),
        parameters: ["filter"],
        body: .json,
        [.portal]
    )

    private let predicate: EntityPredicate
    private let fields: PortalFields
    private let references: [String]

    init(reading inputs: Inputs) throws(Problem) {
        let filter = try inputs.portalFilter()
        let read = try inputs.read { reader in
            let references = reader.array(
                "entityRefs",
                countMax: Self.referencesMax,
                Reading.text(0...EntityReference.bytesMax)
            )
            let fields = reader.portalList("fields") ?? []
            if references == nil { reader.require("entityRefs") }
            return (references ?? [], fields, reader.portalQuery())
        }
        // References are those of the catalog: in lower case, with kind and namespace.
        references = read.0.map { $0.lowercased() }
        fields = try PortalFields(read.1.filter { !$0.isEmpty })
        predicate = filter.and(try EntityPredicate(ofPortal: read.2))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.catalog.find(
            references,
            predicate,
            as: call.access
        )
        var bytes: [String: Int] = [:]
        for entity in found.items { bytes[entity.ref] = entity.document.count }
        // One that is asked for twice is written twice.
        let total = references.reduce(0) { $0 + (bytes[$1] ?? 0) }
        guard !found.hasMore, total <= CatalogStore.pageBytesMax else {
            let most = CatalogStore.pageBytesMax >> 20
            throw Problem(.invalidInput, "These are more than \(most) MiB. Ask for fewer at once.")
        }
        var documents: [String: JSONObject] = [:]
        for entity in found.items {
            documents[entity.ref] = fields.pruned(try EntityView.document(of: entity))
        }
        var writer = JSONWriter(reserving: 256 + found.items.count * 1_024)
        writer.object { writer in
            writer.key("items")
            writer.array(references) { writer, reference in
                writer.value(documents[reference].map { .object($0) } ?? .null)
            }
        }
        return .json(.ok, writer.finish())
    }
}

extension ObjectReader {
    /// Records that a member is needed, where it is not there.
    fileprivate mutating func require(_ name: String) {
        guard !has(name) else { return }
        refuse(name, "missing", "The member `\(name)` is needed.")
    }
}
