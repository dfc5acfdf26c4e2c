package import Domain
package import JSON

extension ClusterWish {
    /// What everything that belongs to the cluster is called by.
    package var slug: String { cluster.slug.description }
    /// Where everything that belongs to the cluster is.
    package var namespace: String { cluster.slug.namespace }
    /// Where the platform repository is read and its credentials are: never where tenants run pods.
    package var platformNamespace: String {
        cluster.spec.kind == .namespace ? cluster.slug.accessNamespace : namespace
    }

    /// Who can release what only the management cluster's controllers do.
    package var caretaker: String {
        "whoever runs management cluster \(cluster.spec.managementCluster)"
    }

    /// The labels of every object of the cluster.
    package var labels: JSON {
        [
            "app.kubernetes.io/managed-by": "slipway",
            "slipway.dev/cluster": .string(cluster.name.text),
            "slipway.dev/tenant": .string(cluster.tenantName.text),
        ]
    }

    /// The annotations of the root object.
    package var rootAnnotations: JSON {
        ["slipway.dev/cluster-id": .string("\(cluster.id)")]
    }

    /// The metadata of an object in the cluster's namespace, or in another.
    package func metadata(
        _ name: String,
        in namespace: String? = nil,
        annotations: JSON? = nil,
        finalizers: JSON? = nil
    ) -> JSON {
        .members([
            "name": .string(name),
            "namespace": .string(namespace ?? self.namespace),
            "labels": labels,
            "annotations": annotations,
            "finalizers": finalizers,
        ])
    }
}
