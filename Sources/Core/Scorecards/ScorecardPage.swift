package import Catalog
package import Domain
import JSON

/// Some entities that are judged together, with all that the rules ask about them.
package struct ScorecardPage: Sendable {
    /// An entity that is judged.
    package struct Subject: Sendable {
        /// Which one.
        package let reference: EntityReference
        /// Whose it is; nil for the platform's.
        package let tenant: TenantReference?
        /// The rules about the entity that hold, by their ids.
        package let holding: Set<String>

        /// Puts together what is known of it.
        package init(
            reference: EntityReference,
            tenant: TenantReference?,
            holding: Set<String> = []
        ) {
            self.reference = reference
            self.tenant = tenant
            self.holding = holding
        }
    }

    /// How one of them stands.
    package struct Judged: Sendable {
        /// Which one.
        package let reference: EntityReference
        /// How it stands.
        package let result: ScorecardResult
        /// The commit of the repository that was asked; nil where none was.
        package let commit: String?
    }

    /// The entities.
    package let subjects: [Subject]
    /// What runs, by tenant.
    package let live: [TenantID: [LiveObject]]
    /// The facts of their repositories as they are stored, by tenant.
    package let repositories: [TenantID: [UInt8]]

    /// Puts together what is known.
    package init(
        subjects: [Subject],
        live: [TenantID: [LiveObject]] = [:],
        repositories: [TenantID: [UInt8]] = [:]
    ) {
        self.subjects = subjects
        self.live = live
        self.repositories = repositories
    }

    /// Judges each of them; may take long, and asks nobody.
    package func judged(by scorecard: Scorecard) -> [Judged] {
        let rules = scorecard.rules.filter(\.asksRepository)
        var found: [TenantID: RepositoryFindings] = [:]
        for (tenant, bytes) in repositories where !rules.isEmpty {
            // What was stored is JSON.
            guard let document = try? JSON.parse(bytes) else { continue }
            found[tenant] = RepositoryFindings(of: RepositoryFacts(reading: document), by: rules)
        }
        return subjects.map { subject in
            let repository = subject.tenant.flatMap { found[$0.id] }
            let outcomes = scorecard.rules.map { rule in
                ScorecardResult.Outcome(
                    rule: rule,
                    findings: findings(by: rule, of: subject, repository)
                )
            }
            return Judged(
                reference: subject.reference,
                result: ScorecardResult(scorecard: scorecard, outcomes: outcomes),
                commit: repository?.commit
            )
        }
    }

    private func findings(
        by rule: Scorecard.Rule,
        of subject: Subject,
        _ repository: RepositoryFindings?
    ) -> [ScorecardResult.Place] {
        switch rule.check {
        case .manifests, .files:
            if let repository { return repository.places[rule.id] ?? [] }
            let detail =
                subject.tenant == nil
                ? "The entity belongs to no tenant, and so to no repository."
                : "The repository of the tenant was not looked at yet."
            return [ScorecardResult.Place(detail: detail)]
        case .entity(_, let written):
            guard !subject.holding.contains(rule.id) else { return [] }
            let wanted = written.joined(separator: "` or `")
            let detail = "The entity does not say `\(wanted)`."
            return [ScorecardResult.Place(detail: detail)]
        case .live(let check): return places(of: subject) { check.finding(in: $0) }
        case .kubernetes(let range):
            return places(of: subject) { object in
                // What was never seen, or is no version, says nothing.
                guard object.kind == .cluster,
                    let version = object.version.flatMap(SemanticVersion.init),
                    !range.contains(version)
                else { return nil }
                return "runs Kubernetes \(version): upgrade it to \(range)"
            }
        }
    }

    private func places(
        of subject: Subject,
        _ finding: (LiveObject) -> String?
    ) -> [ScorecardResult.Place] {
        guard let tenant = subject.tenant else { return [] }
        var places: [ScorecardResult.Place] = []
        for object in live[tenant.id] ?? [] where object.concerns(subject.reference) {
            guard places.count < ScorecardResult.findingsMax else { break }
            guard let finding = finding(object) else { continue }
            places.append(
                ScorecardResult.Place(
                    object: "/v1/tenants/\(tenant.name)/\(object.kind.rawValue)s/\(object.name)",
                    detail: "The \(object.kind.rawValue) \(object.name) \(finding)."
                )
            )
        }
        return places
    }
}

extension LiveObject {
    /// Whether it counts for an entity of its tenant: an object's own entity is asked about the
    /// object, a component about what it runs in and needs, every other entity about all.
    fileprivate func concerns(_ entity: EntityReference) -> Bool {
        switch entity.kind {
        case "component": return components.contains(entity.name)
        case "resource":
            let kinds: [Kind] = [.environment, .service, .cluster]
            guard kinds.contains(where: { entity.name.hasPrefix("\($0.rawValue).") }) else {
                return true
            }
            return entity.name == "\(kind.rawValue).\(name)"
        default: return true
        }
    }
}

/// What the rules about a repository find in it, once for all entities of its tenant.
private struct RepositoryFindings {
    let commit: String
    let places: [String: [ScorecardResult.Place]]

    init(of facts: RepositoryFacts, by rules: [Scorecard.Rule]) {
        commit = facts.commit
        var places: [String: [ScorecardResult.Place]] = [:]
        for rule in rules { places[rule.id] = facts.findings(by: rule.check) }
        self.places = places
    }
}
