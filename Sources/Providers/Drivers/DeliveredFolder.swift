package import Domain

/// What has a folder of its own in a repository, and an object of the engine that applies it: a
/// broken one never holds up another.
package struct DeliveredFolder: Sendable, Hashable {
    /// What it is about.
    package enum Subject: String, Sendable {
        case environment
        case service
    }

    /// What it is about.
    package let subject: Subject
    /// The name of that.
    package let name: String
    /// Where it is in the repository, without a slash at the end.
    package let path: String
    /// What the engine's object is called, beside what tells clusters apart.
    package let objectName: String

    /// The folder of an environment in its tenant's platform repository.
    package static func environment(_ name: EnvironmentName) -> DeliveredFolder {
        DeliveredFolder(
            subject: .environment,
            name: name.text,
            path: "environments/\(name)",
            objectName: "env-\(name)"
        )
    }

    /// The folder of a service in its tenant's platform repository.
    package static func service(_ name: ServiceInstanceName) -> DeliveredFolder {
        DeliveredFolder(
            subject: .service,
            name: name.text,
            path: "services/\(name)",
            objectName: "svc-\(name)"
        )
    }

    /// The folder of a service in the management repository, which no tenant reads.
    package static func platformService(
        _ name: ServiceInstanceName,
        of tenant: TenantName
    ) -> DeliveredFolder {
        DeliveredFolder(
            subject: .service,
            name: name.text,
            path: "services/\(tenant)/\(name)",
            // Names have no dots, so that this is nobody else's.
            objectName: "svc-\(tenant).\(name)"
        )
    }

    /// The label by which everything that is made for it names it.
    package var label: String { "slipway.dev/\(subject)" }

    /// Who can release what cannot be applied as it is.
    package var mender: String {
        switch subject {
        case .environment: "whoever mends the environment's template or its parameters"
        case .service: "whoever mends the offering, or what it was ordered with"
        }
    }
}
