/// Any thing that has an identity, as events, jobs and the audit log mention it.
package struct ObjectReference: Sendable, Hashable {
    /// What kinds of things there are.
    package enum Kind: String, Sendable, CaseIterable {
        case tenant
        case blueprint
        case blueprintVersion = "blueprint-version"
        case repository
        case job
        case token
        case cluster
        case environment
        case service
        case binding
        case managementCluster = "management-cluster"
        case clusterClass = "cluster-class"
        case webhook
        case trust
        case forge
        case source
        case entity
        case location
        case scorecard
        case platform

        /// The segment of `/v1/…` under which things of this kind live.
        package var collection: String {
            switch self {
            case .tenant: "tenants"
            case .blueprint: "blueprints"
            case .blueprintVersion: "versions"
            case .repository: "repositories"
            case .job: "jobs"
            case .token: "tokens"
            case .cluster: "clusters"
            case .environment: "environments"
            case .service: "services"
            case .binding: "bindings"
            case .managementCluster: "management-clusters"
            case .clusterClass: "cluster-classes"
            case .webhook: "webhooks"
            case .trust: "trusts"
            case .forge: "forges"
            case .source: "sources"
            case .entity: "catalog/entities"
            case .location: "catalog/locations"
            case .scorecard: "scorecards"
            case .platform: "platform"
            }
        }
    }

    /// What kind of thing it is.
    package var kind: Kind
    /// The id; nil where the thing has none or it is not known.
    package var id: ID<ObjectReference>?
    /// The name, or for things without one the text of the id.
    package var name: String

    /// A reference to a thing of that kind.
    package init(kind: Kind, id: ID<ObjectReference>?, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    /// A reference to a tenant.
    package static func tenant(_ id: TenantID, _ name: TenantName) -> ObjectReference {
        ObjectReference(kind: .tenant, id: id.cast(), name: name.text)
    }

    /// A reference to a blueprint.
    package static func blueprint(_ id: BlueprintID, _ name: BlueprintName) -> ObjectReference {
        ObjectReference(kind: .blueprint, id: id.cast(), name: name.text)
    }

    /// A reference to a version of a blueprint, named `blueprint/version`.
    package static func version(
        _ version: String,
        of id: BlueprintID,
        _ name: BlueprintName
    ) -> ObjectReference {
        ObjectReference(kind: .blueprintVersion, id: id.cast(), name: "\(name)/\(version)")
    }

    /// A reference to a job.
    package static func job(_ id: JobID) -> ObjectReference {
        ObjectReference(kind: .job, id: id.cast(), name: id.description)
    }

    /// A reference to a token.
    package static func token(_ id: TokenID, name: String) -> ObjectReference {
        ObjectReference(kind: .token, id: id.cast(), name: name)
    }

    /// A reference to a tenant's cluster, named `tenant/cluster`.
    package static func cluster(
        _ id: ClusterID,
        _ name: ClusterName,
        of tenant: TenantName
    ) -> ObjectReference {
        ObjectReference(kind: .cluster, id: id.cast(), name: "\(tenant)/\(name)")
    }

    /// A reference to a tenant's environment, named `tenant/environment`.
    package static func environment(
        _ id: EnvironmentID,
        _ name: EnvironmentName,
        of tenant: TenantName
    ) -> ObjectReference {
        ObjectReference(kind: .environment, id: id.cast(), name: "\(tenant)/\(name)")
    }

    /// A reference to a tenant's service, named `tenant/service`.
    package static func service(
        _ id: ServiceInstanceID,
        _ name: ServiceInstanceName,
        of tenant: TenantName
    ) -> ObjectReference {
        ObjectReference(kind: .service, id: id.cast(), name: "\(tenant)/\(name)")
    }

    /// A reference to a binding of a service, named `tenant/service/binding`.
    package static func binding(
        _ id: BindingID,
        _ name: BindingName,
        of service: ServiceInstanceName,
        of tenant: TenantName
    ) -> ObjectReference {
        ObjectReference(kind: .binding, id: id.cast(), name: "\(tenant)/\(service)/\(name)")
    }

    /// A reference to a management cluster.
    package static func managementCluster(
        _ id: ManagementClusterID,
        _ name: ManagementClusterName
    ) -> ObjectReference {
        ObjectReference(kind: .managementCluster, id: id.cast(), name: name.text)
    }

    /// A reference to a cluster class.
    package static func clusterClass(
        _ id: ClusterClassID,
        _ name: ClusterClassName
    ) -> ObjectReference {
        ObjectReference(kind: .clusterClass, id: id.cast(), name: name.text)
    }

    /// A reference to a trust of a tenant, named `tenant/trust`.
    package static func trust(
        _ id: TrustID,
        _ name: TrustName,
        of tenant: TenantName
    ) -> ObjectReference {
        ObjectReference(kind: .trust, id: id.cast(), name: "\(tenant)/\(name)")
    }
}
