import Domain

/// What the management repository holds for a tenant as a whole: its namespace.
///
/// Here it stands for people, as the register of tenants; each management cluster in which the
/// tenant has clusters is given the same file in its own folder.
///
/// The tenant's platform repository is applied by its clusters' own objects, with the kubeconfig
/// of the cluster and never with the rights of the management cluster: whoever may push to it must
/// not reach further than that.
struct TenantEntry: Sendable, Equatable {
    static let folder = "tenants"

    let tenant: TenantName
    var isSuspended: Bool

    /// The folder of a tenant in the repository.
    static func folder(of tenant: TenantName) -> String { "\(folder)/\(tenant)" }

    /// The file of the tenant's namespace.
    static func namespacePath(of tenant: TenantName) -> String {
        "\(folder(of: tenant))/\(namespaceFile)"
    }

    /// What every entry's list begins with.
    static let namespaceFile = "namespace.yaml"

    /// The name of everything that belongs to the tenant.
    var name: String {
        let whole = "tenant-\(tenant)"
        guard whole.utf8.count > Self.nameBytesMax else { return whole }
        return "\(whole.prefix(Self.nameBytesMax - 9))-\(ShortHash.hex(of: whole))"
    }

    /// The most characters of a namespace's name (RFC 1123 §2.1, as Kubernetes wants it).
    private static let nameBytesMax = 63

    /// The tenant's namespace; what is suspended says so.
    var namespace: [UInt8] {
        var text = """
            apiVersion: "v1"
            kind: "Namespace"
            metadata:
              name: \(name.yaml)
              labels:
                "app.kubernetes.io/managed-by": "slipway"
                "slipway.dev/tenant": \(tenant.text.yaml)

            """
        if isSuspended {
            text += "  annotations:\n    \"slipway.dev/suspended\": \"true\"\n"
        }
        return Array(text.utf8)
    }
}
