package import Domain
import JSON
import Kubernetes

/// What a look at a management cluster brought.
package struct ManagementReport: Sendable, Equatable {
    /// Where it stands.
    package var phase: ManagementClusterStatus.Phase
    /// What is installed; what was known before where it cannot be reached.
    package var features: ManagementFeatures
    /// What is missing, in sentences that say what to do.
    package var findings: [String]
    /// What was seen, one aspect each.
    package var conditions: [SeenCondition]
}

extension ManagementReport {
    /// What becomes true of the management cluster with this look.
    package func facts(at generation: Int64) -> [StepFact] {
        conditions.map { condition in
            .condition(
                type: condition.type,
                status: condition.status,
                reason: condition.reason,
                message: condition.message,
                generation: generation
            )
        } + [
            .managementClusterChecked(features, findings: findings),
            .managementClusterPhase(phase), .observed(generation: generation),
        ]
    }

    /// What the world is told of this look.
    var summary: JSONObject {
        [
            "phase": .string(phase.rawValue),
            "findings": .array(findings.map { .string($0) }),
        ]
    }
}

/// What was found out about a management cluster, before it is judged.
struct ManagementFacts: Sendable, Equatable {
    /// Who we are there.
    var user: String?
    /// What is installed.
    var features = ManagementFeatures()
    /// The versions of Cluster API's providers by name, such as `infrastructure-docker` →
    /// `v1.14.0`; empty where clusterctl did not install them.
    var providers: [String: String] = [:]
    /// Rights that are missing, as `verb resource.group`.
    var missingRights: [String] = []
    /// Which policies for tenants' namespaces are not in force.
    var missingPolicies: [String] = []
    /// Groups whose server did not answer.
    var staleGroups: [String] = []
    /// That the engine was not told to read the management repository, as a sentence; nil where it
    /// was, or needs not.
    var missingSource: String?
    /// Which of Flux's kinds are not served in a version that Slipway writes.
    var missingFluxKinds: [String] = []
}

extension ManagementFacts {
    /// That policies for tenants' namespaces are missing, as a sentence; nil where none is.
    var unbound: String? {
        guard !features.isSandbox, !missingPolicies.isEmpty else { return nil }
        return "Tenants are not held to everything that docs/clusters.md says: "
            + "\(missingPolicies.joined(separator: ", ")) missing; apply "
            + "deploy/management-cluster.yaml."
    }
}

extension ManagementReport {
    /// Judges what was found by how the management cluster is to be used.
    init(_ facts: ManagementFacts, for spec: ManagementClusterSpec) {
        features = facts.features
        findings = []
        conditions = []
        phase = .ready
        reachable(facts)
        permitted(facts)
        engine(facts, spec)
        virtualClusters(spec)
        clusterAPI(facts)
        if !findings.isEmpty { phase = .degraded }
        // Whoever serves the kinds may be used; that nothing happens is said beforehand.
        let idle = facts.idle(for: spec)
        add(
            "Running",
            idle.isEmpty,
            idle.isEmpty ? "Running" : "NotRunning",
            idle.isEmpty ? "What acts on orders runs." : idle.joined(separator: " ")
        )
        let unbound = facts.unbound
        add(
            "TenantsBound",
            unbound == nil,
            unbound == nil ? "Found" : "PoliciesMissing",
            unbound ?? "The policies for tenants' namespaces are there."
        )
        defer { findings += idle + [unbound].compactMap { $0 } }
        conditions.append(
            SeenCondition(
                type: "Ready",
                status: findings.isEmpty ? .true : .false,
                reason: findings.isEmpty ? "Complete" : "Incomplete",
                message: findings.isEmpty
                    ? "Everything that Slipway uses is there."
                    : "\(findings.count) things are missing; `findings` names them."
            )
        )
    }

    /// The report of a cluster that could not be looked at.
    init(
        unreachable reason: String,
        as word: String = "Unreachable",
        advice: String = "",
        keeping features: ManagementFeatures
    ) {
        self.features = features
        phase = .unreachable
        let sentence = reason.prefix(1).uppercased() + reason.dropFirst()
        findings = [
            "\(sentence).\(advice) What is wanted of it waits; clusters that are there go on."
        ]
        conditions = ["Reachable", "Ready"].map { type in
            SeenCondition(type: type, status: .false, reason: word, message: reason)
        }
    }

    /// The report of a cluster whose API server gave no usable answer.
    init(_ fault: KubernetesFault, keeping features: ManagementFeatures) {
        let renew = " Send a new kubeconfig with PATCH, then this heals by itself."
        let (word, advice) =
            switch fault {
            case .unauthorized: ("CredentialsRefused", renew)
            case .untrusted: ("NotTrusted", " Where its authority was rotated:\(renew)")
            case .throttled: ("Throttled", "")
            default: ("Unreachable", "")
            }
        self.init(unreachable: fault.description, as: word, advice: advice, keeping: features)
    }

    private mutating func add(_ type: String, _ holds: Bool, _ reason: String, _ message: String) {
        conditions.append(
            SeenCondition(
                type: type,
                status: holds ? .true : .false,
                reason: reason,
                message: message
            )
        )
    }

    private mutating func reachable(_ facts: ManagementFacts) {
        let version = facts.features.kubernetesVersion ?? "an unknown version"
        let user = facts.user.map { ", as \($0)" } ?? ""
        add("Reachable", true, "Answers", "Kubernetes \(version)\(user).")
        if let minor = KubernetesMinor(facts.features.kubernetesVersion), minor < .least {
            findings.append(
                "Kubernetes \(version) is older than \(KubernetesMinor.least), the oldest that "
                    + "Slipway is tried with; upgrade the management cluster."
            )
        }
        for group in facts.staleGroups {
            findings.append(
                "The API group \(group) is registered, but its server does not answer; look at "
                    + "its APIService."
            )
        }
    }

    private mutating func permitted(_ facts: ManagementFacts) {
        let missing = facts.missingRights
        add(
            "Permitted",
            missing.isEmpty,
            missing.isEmpty ? "Granted" : "RightsMissing",
            missing.isEmpty ? "Every right is granted." : "\(missing.count) rights are missing."
        )
        guard !missing.isEmpty else { return }
        let shown = missing.prefix(Self.rightsShownMax).joined(separator: ", ")
        let more = missing.count > Self.rightsShownMax ? " and others" : ""
        findings.append(
            "Slipway may not \(shown)\(more); apply deploy/management-cluster.yaml or grant them."
        )
    }

    /// Missing rights named in one finding.
    private static var rightsShownMax: Int { 30 }

    private mutating func engine(_ facts: ManagementFacts, _ spec: ManagementClusterSpec) {
        let features = facts.features
        let wanted = spec.engine(with: features)
        let isThere = wanted.map(features.has) ?? false
        let found = [features.hasFlux ? "Flux" : nil, features.hasArgoCD ? "Argo CD" : nil]
            .compactMap { $0 }
        add(
            "GitOps",
            isThere,
            isThere ? "Found" : "NotInstalled",
            found.isEmpty ? "Neither Flux nor Argo CD was found." : found.joined(separator: ", ")
        )
        guard spec.delivery == .gitops, !isThere else { return }
        let partly = facts.missingFluxKinds
        if !partly.isEmpty, partly.count < ManagementProbe.fluxKinds.count {
            findings.append(
                "Flux is too old or incomplete: \(partly.joined(separator: ", ")) missing; "
                    + "upgrade it, or use delivery `direct`."
            )
        } else {
            findings.append(
                "Delivery `gitops` needs \(wanted == .argocd ? "Argo CD" : "Flux or Argo CD"): "
                    + "install it, or use delivery `direct`."
            )
        }
    }

    private mutating func virtualClusters(_ spec: ManagementClusterSpec) {
        let engine = spec.virtualClusters(with: features).flatMap { features.has($0) ? $0 : nil }
        add(
            "VirtualClusters",
            engine != nil,
            engine == nil ? "NothingMakesThem" : "Found",
            engine.map { "Made through \($0.rawValue)." }
                ?? "Install Flux's Helm controller, Argo CD or the vcluster provider of Cluster "
                + "API to order virtual clusters."
        )
        guard engine == nil, spec.virtualClusters != nil else { return }
        findings.append(
            "Virtual clusters are to be made through \(spec.virtualClusters?.rawValue ?? ""), "
                + "which is not installed."
        )
    }

    private mutating func clusterAPI(_ facts: ManagementFacts) {
        let features = facts.features
        guard let version = features.clusterAPI else {
            add(
                "ClusterAPI",
                false,
                "NotInstalled",
                "Cluster API was not found: only virtual clusters and namespaces can be ordered. "
                    + "`clusterctl init --infrastructure …` installs it."
            )
            return
        }
        let kinds = features.infrastructure.keys.sorted()
        let providers = facts.providers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        add(
            "ClusterAPI",
            !kinds.isEmpty,
            kinds.isEmpty ? "NoInfrastructure" : "Found",
            "Core \(version); infrastructure: "
                + (kinds.isEmpty ? "none" : kinds.joined(separator: ", "))
                + (providers.isEmpty ? "." : "; \(providers.joined(separator: ", ")).")
        )
        if kinds.isEmpty {
            findings.append(
                "Cluster API has no infrastructure provider; install one with "
                    + "`clusterctl init --infrastructure …`."
            )
        }
    }
}

/// A minor version of Kubernetes.
struct KubernetesMinor: Comparable, CustomStringConvertible {
    /// The oldest that Slipway is tried with as a management cluster.
    static let least = KubernetesMinor(1, 33)

    private let major: Int
    private let minor: Int

    private init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The minor of a version such as `1.34.1` or `v1.34.1+k3s1`; nil where it is none.
    init?(_ text: String?) {
        guard let text else { return nil }
        let digits = text.drop { $0 == "v" }.split(separator: ".", maxSplits: 2)
        guard digits.count >= 2, let major = Int(digits[0]), let minor = Int(digits[1]),
            major > 0
        else { return nil }
        self.init(major, minor)
    }

    static func < (left: KubernetesMinor, right: KubernetesMinor) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    var description: String { "\(major).\(minor)" }
}
