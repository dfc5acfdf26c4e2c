package import Domain
package import JSON

/// One delivery of a service as its files are made: decided beforehand, so that every attempt
/// makes the same.
package struct ServiceRelease: Sendable, Equatable {
    /// The tenant.
    package var tenant: TenantID
    /// The service.
    package var service: ServiceInstanceName
    /// What is rendered.
    package var terms: ServiceTerms
    /// Which delivery of the service it is, from 1.
    package var number: Int64
    /// The environment that it belongs to; nil where it belongs to the tenant.
    package var environment: EnvironmentName?
    /// The cluster that it is in.
    package var cluster: ClusterName
    /// Where that cluster's API server answers; empty where that is not known.
    package var endpoint: String
    /// Its namespace there.
    package var namespace: String
    /// A host name at which it may answer.
    package var host: String

    /// A delivery of these parts.
    package init(
        tenant: TenantID,
        service: ServiceInstanceName,
        terms: ServiceTerms,
        number: Int64,
        environment: EnvironmentName?,
        cluster: ClusterName,
        endpoint: String,
        namespace: String,
        host: String
    ) {
        self.tenant = tenant
        self.service = service
        self.terms = terms
        self.number = number
        self.environment = environment
        self.cluster = cluster
        self.endpoint = endpoint
        self.namespace = namespace
        self.host = host
    }
}

/// One credential of a binding as its files are made.
package struct CredentialRelease: Sendable, Equatable {
    /// The service, at the terms of the credential.
    package var service: ServiceRelease
    /// The binding.
    package var binding: BindingName
    /// Which credential of the binding it is, from 1.
    package var number: Int64
    /// The binding's parameters.
    package var parameters: JSONObject
    /// The namespace in which the Secret is wanted.
    package var consumerNamespace: String
    /// The Secret's name there.
    package var secret: String

    /// A credential of these parts.
    package init(
        service: ServiceRelease,
        binding: BindingName,
        number: Int64,
        parameters: JSONObject,
        consumerNamespace: String,
        secret: String
    ) {
        self.service = service
        self.binding = binding
        self.number = number
        self.parameters = parameters
        self.consumerNamespace = consumerNamespace
        self.secret = secret
    }
}

/// What an offering comes to for one delivery.
package struct ServiceRendering: Sendable {
    /// The offering.
    package var offering: Offering
    /// What the service is called amongst those of all tenants.
    package var instance: String
    /// The files of `service/` and `service-end/`, by their paths below the offering's folder.
    package var files: [RenderedRelease.File]
    /// Secrets that are there before the files are applied.
    package var secrets: [OfferingSecret]
    /// What callers are told.
    package var outputs: JSONObject
    /// When its objects are ready, beside what holds for every object.
    package var rules: [ReadinessRule]

    /// A rendering of these parts.
    package init(
        offering: Offering,
        instance: String,
        files: [RenderedRelease.File],
        secrets: [OfferingSecret],
        outputs: JSONObject,
        rules: [ReadinessRule]
    ) {
        self.offering = offering
        self.instance = instance
        self.files = files
        self.secrets = secrets
        self.outputs = outputs
        self.rules = rules
    }
}

/// What an offering comes to for one credential.
package struct CredentialRendering: Sendable {
    /// What the offering says of its bindings.
    package var offered: OfferingBinding
    /// The name for everything that belongs to the credential.
    package var name: String
    /// The files of `binding/` and `binding-end/`, by their paths below the offering's folder.
    package var files: [RenderedRelease.File]
    /// Secrets that are there before the files are applied.
    package var secrets: [OfferingSecret]
    /// The keys of the consumer's Secret.
    package var entries: [CredentialEntry]
    /// A Secret whose keys are all taken over; nil where there is none.
    package var takesAllOf: String?
    /// When its objects are ready, beside what holds for every object.
    package var rules: [ReadinessRule]

    /// A rendering of these parts.
    package init(
        offered: OfferingBinding,
        name: String,
        files: [RenderedRelease.File],
        secrets: [OfferingSecret],
        entries: [CredentialEntry],
        takesAllOf: String?,
        rules: [ReadinessRule]
    ) {
        self.offered = offered
        self.name = name
        self.files = files
        self.secrets = secrets
        self.entries = entries
        self.takesAllOf = takesAllOf
        self.rules = rules
    }
}

/// Where a service's files are in Git.
package struct ServiceFolder: Sendable, Hashable {
    /// The tenant.
    package var tenant: TenantID
    /// The service.
    package var service: ServiceInstanceName
    /// Whose repository holds it.
    package var place: Offering.Place

    /// The folder of that service.
    package init(_ service: ServiceInstanceName, of tenant: TenantID, at place: Offering.Place) {
        self.tenant = tenant
        self.service = service
        self.place = place
    }
}

/// What becomes of a part of a folder.
package struct FolderEdit: Sendable, Equatable {
    /// The part, below the folder; empty for all of it.
    package var path: String
    /// What it holds from now on, below the part; empty for nothing, not even the part.
    package var files: [RenderedRelease.File]

    /// The part holds exactly these files.
    package init(_ path: String, _ files: [RenderedRelease.File]) {
        self.path = path
        self.files = files
    }
}

/// Where the files of services are made and kept: the platform repositories of tenants, and the
/// management repository for what runs beside them.
///
/// Every call may be repeated.
package protocol ServiceFiles: Sendable {
    /// The URL under which the management repository is read.
    var managementURL: String { get }

    /// The offering at those terms.
    ///
    /// - Throws: `.refused` where the blueprint has it no more, or it cannot be read.
    func offering(
        at terms: ServiceTerms,
        for tenant: TenantID
    ) async throws(ProviderFault) -> Offering

    /// What the offering comes to.
    ///
    /// - Throws: `.refused` with everything that keeps it from being rendered.
    func render(_ release: ServiceRelease) async throws(ProviderFault) -> ServiceRendering

    /// What the offering comes to for a credential.
    ///
    /// - Throws: `.refused` with everything that keeps it from being rendered.
    func render(_ release: CredentialRelease) async throws(ProviderFault) -> CredentialRendering

    /// Makes parts of the folder what the edits say, by one commit or none.
    ///
    /// Returns the commit at which they are.
    func change(
        _ folder: ServiceFolder,
        _ edits: [FolderEdit],
        saying subject: String,
        for job: JobID
    ) async throws(ProviderFault) -> String

    /// Removes the folder, or finds it gone, with the whole repository as well.
    func remove(_ folder: ServiceFolder, for job: JobID) async throws(ProviderFault)

    /// The files of the folder as they stand now; none where there is no such folder.
    func files(of folder: ServiceFolder) async throws(ProviderFault) -> [RenderedRelease.File]

    /// Whether the revision, as an engine names what it applied last, holds that commit.
    func holds(
        _ commit: String,
        in revision: String,
        of folder: ServiceFolder
    ) async throws(ProviderFault) -> Bool
}
