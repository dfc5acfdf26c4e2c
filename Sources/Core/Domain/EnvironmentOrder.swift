/// What somebody asks an environment to be, before defaults are filled in.
package struct EnvironmentOrder: Sendable, Hashable {
    /// Stands where nothing is said.
    package static let blank = EnvironmentSpec(
        type: .ephemeral,
        template: templateDefault,
        placement: .cluster(Cluster.nameFirst)
    )
    /// The name that a template has which is taken where nobody names one and there are several.
    package static let templateDefault = EnvironmentTemplateName("default")

    /// What it is for; nil for what it is, or ephemeral.
    package var type: EnvironmentType?
    /// The template; nil for the one that it has, or the blueprint's usual one.
    package var template: EnvironmentTemplateName?
    /// Where it runs; nil for where it is, or the tenant's first cluster.
    package var placement: EnvironmentPlacement?
    /// What a refresh does to an earlier roll-out; nil for what the template says.
    package var concurrency: EnvironmentSpec.Concurrency?
    /// When a roll-out counts as done; nil for what the template says.
    package var readiness: EnvironmentReadiness?
    /// How what is new takes over; nil for what the template says.
    package var rollout: RolloutStrategy?
    /// Who must agree; nil for as it is, or nobody, `.some(nil)` for nobody.
    package var approvals: ApprovalRules??
    /// When nothing is rolled out; nil for as it is, or never, `.some(nil)` for never.
    package var freeze: Freeze??
    /// Whether what runs is left as it is; nil for as it is, or not.
    package var paused: Bool?
    /// Whether `DELETE` is refused; nil for as it is, or not.
    package var deleteProtection: Bool?
    /// Everything else; the same members of it stand for nothing.
    package var rest: EnvironmentSpec

    /// An order for that.
    package init(
        type: EnvironmentType? = nil,
        template: EnvironmentTemplateName? = nil,
        placement: EnvironmentPlacement? = nil,
        concurrency: EnvironmentSpec.Concurrency? = nil,
        readiness: EnvironmentReadiness? = nil,
        rollout: RolloutStrategy? = nil,
        approvals: ApprovalRules?? = nil,
        freeze: Freeze?? = nil,
        paused: Bool? = nil,
        deleteProtection: Bool? = nil,
        rest: EnvironmentSpec = blank
    ) {
        self.type = type
        self.template = template
        self.placement = placement
        self.concurrency = concurrency
        self.readiness = readiness
        self.rollout = rollout
        self.approvals = approvals
        self.freeze = freeze
        self.paused = paused
        self.deleteProtection = deleteProtection
        self.rest = rest
    }
}

/// What is there to make an environment with.
package struct EnvironmentSurroundings: Sendable {
    /// The templates of the tenant's blueprint version.
    package var templates: [EnvironmentTemplatePolicy]
    /// The tenant's clusters.
    package var clusters: [ClusterSummary]
    /// The tenant's environments, each with the service that runs in it.
    package var environments: [EnvironmentName: ServiceName?]
    /// Which of them depend on which.
    package var graph: EnvironmentGraph
    /// The first environment in each cluster that has one.
    package var occupants: [ClusterName: EnvironmentName]
    /// The environment in whose own cluster what is judged may be, which is made with it; nil for
    /// none.
    var housing: EnvironmentName?
    /// Where the rules of time zones come from.
    package var zones: any TimeZoneSource

    /// Those templates, clusters and environments.
    package init(
        templates: [EnvironmentTemplatePolicy],
        clusters: [ClusterSummary],
        environments: [EnvironmentName: ServiceName?] = [:],
        graph: EnvironmentGraph = EnvironmentGraph([:]),
        occupants: [ClusterName: EnvironmentName] = [:],
        zones: any TimeZoneSource
    ) {
        self.graph = graph
        self.occupants = occupants
        self.templates = templates
        self.clusters = clusters
        self.environments = environments
        self.zones = zones
    }

    /// The template that is taken where nobody names one: the one called `default`, else the first
    /// that is for the type, else the first.
    package func usualTemplate(for type: EnvironmentType) -> EnvironmentTemplatePolicy? {
        let fitting = templates.filter { $0.types.contains(type) }
        return fitting.first { $0.name == EnvironmentOrder.templateDefault } ?? fitting.first
            ?? templates.first
    }

    /// The template of that name.
    package func template(_ name: EnvironmentTemplateName) -> EnvironmentTemplatePolicy? {
        templates.first { $0.name == name }
    }
}

extension EnvironmentOrder {
    /// The whole spec, with every default filled in, of an environment that is new.
    ///
    /// - Throws: `.invalid` with everything that is wrong with the order, at once.
    package func spec(
        named name: EnvironmentName,
        of tenant: TenantName,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) throws(EnvironmentRefusal) -> EnvironmentSpec {
        var spec = rest
        var faults = Environment.faults(named: name, of: tenant)
        spec.type = type ?? .ephemeral
        spec.placement = placement ?? .cluster(Cluster.nameFirst)
        spec.paused = paused ?? false
        spec.deleteProtection = deleteProtection ?? false
        spec.approvals = approvals ?? nil
        spec.freeze = freeze ?? nil
        switch chosenTemplate(in: surroundings) {
        case .success(let policy):
            spec.template = policy.name
            fill(&spec, by: policy)
            faults += spec.faults(by: policy, named: name, in: surroundings, at: moment)
        case .failure(let fault):
            faults.append(fault)
            fill(&spec, by: nil)
            faults += spec.faults(by: nil, named: name, in: surroundings, at: moment)
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return spec
    }

    /// The spec of an environment that is there, as ordered anew.
    ///
    /// What the order leaves open stays as it is, and so does what somebody decided on keeping it;
    /// but what sleeps wakes.
    package func spec(
        refreshing current: Environment,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) throws(EnvironmentRefusal) -> EnvironmentSpec {
        var spec = spec(changing: current.spec, by: surroundings)
        if spec.lifetime.keep == nil, let keep = current.spec.lifetime.keep, keep.until > moment {
            spec.lifetime.keep = keep
        }
        let faults =
            spec.fixedFaults(changing: current.spec)
            + spec.allFaults(named: current.name, in: surroundings, at: moment)
        guard faults.isEmpty else { throw .invalid(faults) }
        return spec
    }

    /// The spec of an environment that is there, as parts of it are changed.
    ///
    /// Where nothing is rolled out, what was wrong before may stay so: a template or a cluster that
    /// is gone keeps nobody from taking back a protection.
    package func spec(
        amending current: Environment,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) throws(EnvironmentRefusal) -> EnvironmentSpec {
        let spec = spec(changing: current.spec, by: surroundings)
        var faults = spec.allFaults(named: current.name, in: surroundings, at: moment)
        if !faults.isEmpty, spec.content == current.content {
            let known = current.spec.allFaults(named: current.name, in: surroundings, at: moment)
            faults.removeAll(where: known.contains)
        }
        faults = spec.fixedFaults(changing: current.spec) + faults
        guard faults.isEmpty else { throw .invalid(faults) }
        return spec
    }

    private func spec(
        changing current: EnvironmentSpec,
        by surroundings: EnvironmentSurroundings
    ) -> EnvironmentSpec {
        var spec = rest
        spec.type = type ?? current.type
        spec.template = template ?? current.template
        spec.placement = placement ?? current.placement
        spec.paused = paused ?? current.paused
        spec.deleteProtection = deleteProtection ?? current.deleteProtection
        spec.approvals = approvals ?? current.approvals
        spec.freeze = freeze ?? current.freeze
        fill(&spec, by: surroundings.template(spec.template))
        // A pipeline that does not speak of it takes no canary back.
        spec.rollout = rollout ?? current.rollout
        return spec
    }

    private func fill(_ spec: inout EnvironmentSpec, by policy: EnvironmentTemplatePolicy?) {
        spec.concurrency = concurrency ?? policy?.concurrency ?? .supersede
        spec.readiness = readiness ?? policy?.readiness ?? EnvironmentReadiness()
        let splits = spec.type == .staging || spec.type == .production
        spec.rollout = rollout ?? (splits ? policy?.rollout : nil) ?? .rolling
        let limits = policy?.limits ?? EnvironmentLimits()
        spec.lifetime = limits.filling(spec.lifetime, of: spec.type)
    }

    static let unknownTemplate = EnvironmentFault(
        .spec("template"),
        "unknown",
        "The tenant's blueprint has no environment template of this name."
    )

    private func chosenTemplate(
        in surroundings: EnvironmentSurroundings
    ) -> Result<EnvironmentTemplatePolicy, EnvironmentFault> {
        if let template {
            return surroundings.template(template).map { .success($0) }
                ?? .failure(Self.unknownTemplate)
        }
        if let usual = surroundings.usualTemplate(for: type ?? .ephemeral) {
            return .success(usual)
        }
        return .failure(
            EnvironmentFault(
                .spec("template"),
                "missing",
                "The tenant's blueprint has no environment templates; its version must list some "
                    + "under `environments` in blueprint.yaml."
            )
        )
    }
}

extension EnvironmentSpec {
    /// Everything that is wrong with the spec, its template included.
    fileprivate func allFaults(
        named name: EnvironmentName,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) -> [EnvironmentFault] {
        let policy = surroundings.template(template)
        return (policy == nil ? [EnvironmentOrder.unknownTemplate] : [])
            + faults(by: policy, named: name, in: surroundings, at: moment)
    }
}

extension EnvironmentLimits {
    /// The lifetime with everything filled in that it leaves open.
    ///
    /// A limit that is filled in never contradicts one that was asked for.
    package func filling(
        _ wanted: EnvironmentLifetime,
        of type: EnvironmentType
    ) -> EnvironmentLifetime {
        let fallback = type == .ephemeral ? Self.ephemeral : EnvironmentLifetime()
        var lifetime = wanted
        let mostUsual = usual.max ?? fallback.max
        if lifetime.max == nil, let mostUsual {
            lifetime.max = wanted.ttl.map { Swift.max($0, mostUsual) } ?? mostUsual
            if let max { lifetime.max = lifetime.max.map { Swift.min($0, max) } }
        }
        if lifetime.ttl == nil, let ttl = usual.ttl ?? fallback.ttl {
            lifetime.ttl = lifetime.max.map { Swift.min($0, ttl) } ?? ttl
        }
        lifetime.idle = wanted.idle ?? usual.idle
        lifetime.activeHours = wanted.activeHours ?? usual.activeHours
        return lifetime
    }
}
