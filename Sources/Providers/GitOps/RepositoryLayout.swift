package import Domain

/// Where repositories are on disk and how they are reached, in the same shape: owner, name.
package struct RepositoryLayout: Sendable {
    /// The owner of the management repository; no tenant can have the name.
    package static let platformOwner = "_platform"
    /// The owner of the mirrors of blueprints; no tenant can have the name.
    package static let blueprintOwner = "_blueprints"
    /// The name of the management repository.
    package static let managementName = "management"
    /// The name of the one repository of each tenant.
    package static let platformName = "platform"
    /// The branch that is reconciled.
    package static let branch = "main"

    /// The folder that holds every repository, without a trailing slash.
    package let root: String
    /// What clone URLs start with, without a trailing slash.
    package let baseURL: String

    /// A layout below a folder, reached below a URL such as `http://127.0.0.1:8080/git`.
    package init(root: String, baseURL: String) {
        self.root = root
        self.baseURL = baseURL
    }

    /// The folder of a repository.
    package func path(owner: String, name: String) -> String {
        "\(root)/\(owner)/\(name).git"
    }

    /// The clone URL of a repository.
    package func url(owner: String, name: String) -> String {
        "\(baseURL)/\(owner)/\(name).git"
    }

    /// The folder of the management repository.
    package var management: String {
        path(owner: Self.platformOwner, name: Self.managementName)
    }

    /// The clone URL of the management repository.
    package var managementURL: String {
        url(owner: Self.platformOwner, name: Self.managementName)
    }

    /// The folder of the management repository that the engine of a management cluster reads.
    package static func folder(of management: ManagementClusterName) -> String {
        ReaderEntry.folder(of: management)
    }

    /// The folder of a tenant's platform repository.
    package func platform(of tenant: TenantName) -> String {
        path(owner: tenant.text, name: Self.platformName)
    }

    /// The clone URL of a tenant's platform repository.
    package func platformURL(of tenant: TenantName) -> String {
        url(owner: tenant.text, name: Self.platformName)
    }

    /// The folder that holds the mirrors of the blueprints.
    package var mirrors: String { "\(root)/\(Self.blueprintOwner)" }

    /// The folder of the mirror of a blueprint.
    package func mirror(of blueprint: BlueprintName) -> String {
        path(owner: Self.blueprintOwner, name: blueprint.text)
    }
}
