package import JSON

/// An entity of the catalog: a descriptor in Backstage's format, and what follows from it.
package struct Entity: Sendable, Equatable {
    /// What only Slipway says of an entity; passed over where somebody sends it.
    static let outputMembers = ["relations", "status"]
    /// The same within `metadata`.
    static let outputMetadata = ["uid", "etag"]

    /// The descriptor as it was written, without what only Slipway says.
    package let document: JSONObject
    /// The name among all entities.
    package let reference: EntityReference
    /// The kind as it was written.
    package let kind: String
    /// The namespace as it was written; `default` where none was.
    package let namespace: String
    /// The name as it was written.
    package let name: String
    /// What its spec says of other entities, both ways.
    package let relations: [EntityRelation]

    /// Reads a descriptor; one that names no namespace is in `namespace`.
    ///
    /// - Throws: everything that is wrong with it.
    package init(
        parsing value: JSON,
        namespace: String = EntityReference.defaultNamespace
    ) throws(EntityFaults) {
        var check = EntityCheck()
        guard let read = check.read(value.in(namespace: namespace)) else { throw check.faults }
        document = read.document
        reference = read.reference
        kind = read.kind
        self.namespace = read.namespace
        name = read.name
        relations = read.relations
    }

    /// The title, or the name where it has none.
    package var title: String {
        document["metadata"]?["title"]?.string ?? name
    }

    /// What an annotation says.
    package func annotation(_ key: String) -> String? {
        document["metadata"]?["annotations"]?[key]?.string
    }
}

extension JSON {
    /// The descriptor with a namespace, where it names none and that is not the usual one.
    fileprivate func `in`(namespace: String) -> JSON {
        guard namespace != EntityReference.defaultNamespace, var document = object,
            var metadata = document["metadata"]?.object, metadata["namespace"] == nil
        else { return self }
        metadata["namespace"] = .string(namespace)
        document["metadata"] = .object(metadata)
        return .object(document)
    }
}

/// A descriptor that has passed every check.
struct CheckedEntity {
    let document: JSONObject
    let reference: EntityReference
    let kind: String
    let namespace: String
    let name: String
    let relations: [EntityRelation]
}
