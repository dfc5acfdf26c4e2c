package import Domain

/// One roll-out as its files are made: decided beforehand, so that every attempt makes the same.
package struct EnvironmentRelease: Sendable, Equatable {
    /// The tenant.
    package var tenant: TenantID
    /// The blueprint whose template it is.
    package var blueprint: BlueprintName
    /// The commit of the blueprint, in hexadecimal digits.
    package var commit: String
    /// The environment.
    package var environment: EnvironmentName
    /// What the environment is for.
    package var type: EnvironmentType
    /// The service that runs in it; nil where none is named.
    package var service: ServiceName?
    /// Which roll-out of the environment it is, from 1.
    package var number: Int64
    /// What is rolled out.
    package var content: DeploymentContent
    /// The cluster that it runs in.
    package var cluster: ClusterName
    /// Its namespace there.
    package var namespace: String
    /// The host name at which it answers.
    package var host: String
    /// What the environments that it depends on say of themselves, by variable of the template.
    package var values: [String: String]

    /// A roll-out of these parts.
    package init(
        tenant: TenantID,
        blueprint: BlueprintName,
        commit: String,
        environment: EnvironmentName,
        type: EnvironmentType,
        service: ServiceName?,
        number: Int64,
        content: DeploymentContent,
        cluster: ClusterName,
        namespace: String,
        host: String,
        values: [String: String] = [:]
    ) {
        self.tenant = tenant
        self.blueprint = blueprint
        self.commit = commit
        self.environment = environment
        self.type = type
        self.service = service
        self.number = number
        self.content = content
        self.cluster = cluster
        self.namespace = namespace
        self.host = host
        self.values = values
    }
}

/// What the template of a roll-out comes to.
package struct RenderedRelease: Sendable, Equatable {
    /// One file, below the environment's own folder.
    package struct File: Sendable, Equatable {
        /// Its path, checked.
        package var path: RepositoryPath
        /// Whether it may be executed.
        package var isExecutable: Bool
        /// What it holds.
        package var bytes: [UInt8]

        /// A file of that content.
        package init(path: RepositoryPath, isExecutable: Bool = false, bytes: [UInt8]) {
            self.path = path
            self.isExecutable = isExecutable
            self.bytes = bytes
        }
    }

    /// The files, in the order of their paths.
    package var files: [File]
    /// Where the environment answers; nil for one that serves nothing.
    package var url: String?
    /// What else callers are told, by name.
    package var outputs: [String: String]
    /// The objects through which traffic is split; nil where it never is.
    package var rollout: RolloutObjects?
    /// How far it has come, for the commit's subject; nil for all of it.
    package var stage: String?

    /// Those files, and what callers are told.
    package init(
        files: [File],
        url: String? = nil,
        outputs: [String: String] = [:],
        rollout: RolloutObjects? = nil,
        stage: String? = nil
    ) {
        self.files = files
        self.url = url
        self.outputs = outputs
        self.rollout = rollout
        self.stage = stage
    }
}

/// Where the files of environments are made and kept: the platform repositories of tenants.
///
/// Every call may be repeated.
package protocol EnvironmentFiles: Sendable {
    /// What the template of the roll-out comes to.
    ///
    /// - Throws: `.refused` with everything that keeps it from being rendered.
    func render(_ release: EnvironmentRelease) async throws(ProviderFault) -> RenderedRelease

    /// Makes the environment's folder hold exactly those files.
    ///
    /// Returns the commit at which it does.
    func write(
        _ rendered: RenderedRelease,
        of release: EnvironmentRelease,
        for job: JobID
    ) async throws(ProviderFault) -> String

    /// The files of the environment's folder at a commit that `write` answered.
    ///
    /// - Throws: `.refused` where the repository does not hold them any more.
    func files(
        of environment: EnvironmentName,
        at commit: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [RenderedRelease.File]

    /// Removes the environment's folder, or finds it gone.
    func remove(
        _ environment: EnvironmentName,
        of tenant: TenantID,
        for job: JobID
    ) async throws(ProviderFault)

    /// Whether the revision, as an engine names what it applied last, holds that commit.
    func holds(
        _ commit: String,
        in revision: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Bool
}
