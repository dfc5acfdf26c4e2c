import Catalog
import Domain
import JSON
import Storage

/// How the API shows an entity: its descriptor, with what Slipway knows of it.
enum EntityView {
    static func bytes(_ entity: StoredEntity) throws -> [UInt8] {
        if let spliced = spliced(entity) { return spliced }
        return JSON.object(try document(of: entity)).serialized()
    }

    static func write(_ writer: inout JSONWriter, _ entity: StoredEntity) throws {
        writer.raw(try bytes(entity))
    }

    /// The same text as `document(of:)` comes to, without reading the descriptor; nil where it is
    /// not as Slipway writes it.
    private static func spliced(_ entity: StoredEntity) -> [UInt8]? {
        guard let splice = EntitySplice(entity.document) else { return nil }
        let facts = Facts(
            id: entity.id,
            ref: entity.ref,
            revision: entity.revision,
            tenant: entity.tenant,
            hold: entity.hold
        )
        var annotations = facts.origin.annotations
        if let tenant = facts.tenant {
            annotations.append((WellKnownAnnotation.tenant, tenant.name))
        }
        var relations = JSONWriter(reserving: 96 * entity.relations.count + 2)
        relations.array(entity.relations) { writer, relation in
            writer.object { writer in
                writer.member("type", relation.type)
                writer.member("targetRef", relation.target)
            }
        }
        return splice.text(
            annotations: annotations,
            namespace: EntityReference.defaultNamespace,
            metadata: [("uid", facts.id.description), ("etag", String(facts.revision))],
            relations: relations.finish()
        )
    }

    /// The entity as it is going to be, with the relations that its own descriptor says.
    static func bytes(_ entity: CatalogEntity) -> [UInt8] {
        let own = entity.entity.relations
            .filter { $0.source == entity.entity.reference }
            .map { ($0.type, $0.target.description) }
            .sorted { $0 < $1 }
        let relations = own.map(relation)
        let document = completed(
            entity.entity.document,
            Facts(
                id: entity.id,
                ref: entity.entity.reference.description,
                revision: entity.revision,
                tenant: entity.tenant,
                hold: entity.hold
            ),
            relations: .array(relations)
        )
        var writer = JSONWriter(reserving: 2_048)
        writer.value(.object(document))
        return writer.finish()
    }

    /// The descriptor as Backstage's clients know it.
    static func document(of entity: StoredEntity) throws -> JSONObject {
        guard let document = try JSON.parse(entity.document).object else {
            throw Problem.internalError
        }
        return completed(
            document,
            Facts(
                id: entity.id,
                ref: entity.ref,
                revision: entity.revision,
                tenant: entity.tenant,
                hold: entity.hold
            ),
            relations: .array(entity.relations.map { relation($0.type, $0.target) })
        )
    }

    private static func relation(_ type: String, _ target: String) -> JSON {
        ["type": .string(type), "targetRef": .string(target)]
    }

    /// What Slipway knows of an entity beside its descriptor.
    private struct Facts {
        let id: EntityID
        let ref: String
        let revision: Int64
        let tenant: TenantReference?
        let hold: EntityHold?

        /// Where the entity comes from.
        var origin: EntityHold {
            let path = ref.split(separator: ":", maxSplits: 1).joined(separator: "/")
            let own = "slipway:/v1/catalog/entities/\(path)"
            return hold ?? EntityHold(file: own, origin: own)
        }
    }

    private static func completed(
        _ document: JSONObject,
        _ facts: Facts,
        relations: JSON
    ) -> JSONObject {
        var document = document
        var metadata = document["metadata"]?.object ?? JSONObject()
        if metadata["namespace"] == nil {
            metadata["namespace"] = .string(EntityReference.defaultNamespace)
        }
        var annotations = metadata["annotations"]?.object ?? JSONObject()
        for (key, value) in facts.origin.annotations { annotations[key] = .string(value) }
        annotations[WellKnownAnnotation.tenant] = facts.tenant.map { .string($0.name) }
        metadata["annotations"] = .object(annotations)
        metadata["uid"] = .string(facts.id.description)
        metadata["etag"] = .string(String(facts.revision))
        document["metadata"] = .object(metadata)
        document["relations"] = relations
        return document
    }
}
