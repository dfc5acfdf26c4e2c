/// A kind of cluster that tenants may order: a published template and what Slipway's words mean
/// in it.
package struct ClusterClass: Sendable, Equatable {
    /// The most bytes of a definition: the largest published templates have some 60 KiB.
    package static let definitionBytesMax = 512 << 10

    /// The identity, which no other thing of the kind ever has.
    package var id: ClusterClassID
    /// The name, unique among things of the kind.
    package var name: ClusterClassName
    /// What selectors find it by.
    package var labels: Labels
    /// The definition as it was sent, without its template: the text of a JSON object.
    package var definition: [UInt8]
    /// The template as it was published.
    package var template: String
    /// Where the template comes from; nil where it was sent.
    package var source: ClusterClassSource?
    /// What Slipway found in it: the text of a JSON object with variables, pools and findings.
    package var status: [UInt8]
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: ClusterClassID,
        name: ClusterClassName,
        labels: Labels,
        definition: [UInt8],
        template: String,
        source: ClusterClassSource?,
        status: [UInt8],
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.labels = labels
        self.definition = definition
        self.template = template
        self.source = source
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The class as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .clusterClass(id, name) }
}

/// The name of a cluster class, unique among them.
package typealias ClusterClassName = ResourceName<ClusterClass>
/// The identity of a cluster class.
package typealias ClusterClassID = ID<ClusterClass>

/// The blueprint that a class comes from.
package struct ClusterClassSource: Sendable, Hashable {
    /// The blueprint.
    package var blueprint: BlueprintName
    /// Its version.
    package var version: String

    /// That version of that blueprint.
    package init(blueprint: BlueprintName, version: String) {
        self.blueprint = blueprint
        self.version = version
    }
}
