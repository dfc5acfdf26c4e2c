import Domain
import JSON

/// What a caller wants of a tenant, read from a body; parameters are not checked yet.
struct TenantWish: Sendable {
    let labels: Labels
    private let name: TenantName
    /// The blueprint that the caller names; nil leaves the choice to the platform.
    let blueprint: BlueprintName?
    private let displayName: String
    private let owners: [String]
    private let version: String?
    private let parameters: JSONObject
    private let isProtected: Bool
    private let repository: RepositoryWish
    let isSuspended: Bool
    /// The isolation that the caller names; nil where the member is left out.
    let isolation: Isolation?
    /// The quotas that the caller names; nil where the member is left out.
    private let quotas: TenantQuotas?
    /// The freeze that the caller names, or takes back; nil where the member is left out.
    private let freeze: TenantFreeze??

    /// Reads `labels` and `spec` for the tenant of that name.
    ///
    /// `needsSpec` says whether `spec` must be there; without one the defaults hold.
    init?(_ reader: inout ObjectReader, name: TenantName?, needsSpec: Bool = true) {
        labels = reader.labels() ?? Labels()
        let spec = reader.object("spec", isRequired: needsSpec) { reader in
            Spec(&reader)
        }
        guard let name else { return nil }
        self.name = name
        blueprint = spec?.blueprint
        displayName = spec?.displayName ?? name.text
        owners = spec?.owners ?? []
        version = spec?.version
        parameters = spec?.parameters ?? JSONObject()
        isProtected = spec?.isProtected ?? false
        repository = spec?.repository ?? RepositoryWish()
        isSuspended = spec?.isSuspended ?? false
        isolation = spec?.isolation
        quotas = spec?.quotas
        freeze = spec?.freeze
    }

    /// The wish for a tenant of that blueprint; what only the platform decides on, and what never
    /// changes, stays as it is in `current` where the wish says nothing of it.
    func spec(of blueprint: BlueprintName, keeping current: TenantSpec? = nil) -> TenantSpec {
        TenantSpec(
            displayName: displayName,
            owners: owners,
            blueprint: BlueprintChoice(name: blueprint, version: version),
            parameters: parameters,
            deleteProtection: isProtected,
            protectsRepository: repository.isProtected,
            repository: repository.choice(of: name, keeping: current?.repository),
            suspended: isSuspended,
            isolation: isolation.map(\.kind) ?? current?.isolation,
            quotas: quotas ?? current?.quotas ?? .usual,
            freeze: freeze ?? current?.freeze
        )
    }

    /// Where a tenant's workloads run.
    enum Isolation: String, CaseIterable {
        case none, namespace, vcluster, cluster

        /// The kind of the cluster that is made with the tenant.
        var kind: ClusterKind? { ClusterKind(rawValue: rawValue) }
    }
}

extension TenantWish {
    /// The members of `spec` as they were sent.
    private struct Spec {
        let blueprint: BlueprintName?
        let displayName: String?
        let owners: [String]?
        let version: String?
        let parameters: JSONObject?
        let isProtected: Bool?
        let repository: RepositoryWish?
        let isSuspended: Bool?
        let isolation: Isolation?
        let quotas: TenantQuotas?
        let freeze: TenantFreeze??

        init(_ reader: inout ObjectReader) {
            displayName = reader.optional(
                "displayName",
                Reading.text(0...TenantSpec.displayNameLengthMax)
            )
            owners = TenantWish.owners(&reader)
            blueprint = reader.optional("blueprint", Reading.name)
            version = reader.optional("version", orNull: true, Reading.version)
            parameters = reader.optional("parameters", Reading.object)
            isProtected = reader.optional("deleteProtection", Reading.bool)
            repository = reader.object("repository") { RepositoryWish(&$0) }
            isSuspended = reader.optional("suspended", Reading.bool)
            isolation = reader.optional("isolation", Reading.choice(Isolation.self))
            quotas = reader.object("quotas") { TenantWish.quotas(&$0) }
            freeze = reader.stated("freeze", TenantFreeze.init(reading:))
        }
    }

    /// Limits that are left out are as usual.
    private static func quotas(_ reader: inout ObjectReader) -> TenantQuotas {
        let range = Reading.number(0...TenantQuotas.numberMax)
        let clusters = reader.object("clusters") { reader in
            var clusters: [ClusterKind: Int] = [:]
            for kind in ClusterKind.allCases {
                clusters[kind] = reader.optional(kind.rawValue, range)
            }
            return clusters
        }
        let usual = TenantQuotas.usual
        let environments = reader.object("environments") { reader in
            EnvironmentQuotas(
                total: reader.optional("total", range) ?? usual.environments.total,
                perService: reader.optional("perService", range) ?? usual.environments.perService,
                awake: reader.optional("awake", range) ?? usual.environments.awake
            )
        }
        let services = reader.object("services") { reader in
            ServiceQuotas(
                total: reader.optional("total", range) ?? usual.services.total,
                perOffering: reader.optional("perOffering", range) ?? usual.services.perOffering
            )
        }
        return TenantQuotas(
            clusters: clusters ?? [:],
            nodes: reader.optional("nodes", range) ?? usual.nodes,
            awakeVirtualClusters: reader.optional("awakeVirtualClusters", range)
                ?? usual.awakeVirtualClusters,
            environments: environments ?? usual.environments,
            services: services ?? usual.services
        )
    }

    private static func owners(_ reader: inout ObjectReader) -> [String]? {
        let owners = reader.array(
            "owners",
            countMax: TenantSpec.ownersMax,
            Reading.text(1...TenantSpec.ownerLengthMax)
        )
        if let owners, Set(owners).count < owners.count {
            reader.refuse("owners", "repeated", "Name each owner once.")
        }
        return owners
    }
}

extension Reading {
    /// A version as SemVer without a leading `v`, in its canonical form.
    static func version(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        guard let version = SemanticVersion(text), version.description == text else {
            throw ReadingFault(
                "invalid-version",
                "Expected a version such as 1.2.0, without a leading v."
            )
        }
        return text
    }
}

extension Inputs {
    /// The name in the path; what is no name names nothing.
    func name<Subject>(_ parameter: String) throws(Problem) -> ResourceName<Subject> {
        do {
            return try ResourceName<Subject>(parsing: path(parameter))
        } catch {
            throw .notFound
        }
    }

    /// The id in the path; what is no id identifies nothing.
    func id<Subject>(_ parameter: String) throws(Problem) -> ID<Subject> {
        do {
            return try ID<Subject>(parsing: path(parameter))
        } catch {
            throw .notFound
        }
    }

    /// A filter in the query; nil where it is left out.
    func filter<Value>(
        _ parameter: String,
        _ read: (JSON) throws(ReadingFault) -> Value
    ) throws(Problem) -> Value? {
        guard let text = call.query[parameter] else { return nil }
        do {
            return try read(.string(text))
        } catch {
            throw .invalidQuery([.query(parameter, error.code, error.detail)])
        }
    }
}
