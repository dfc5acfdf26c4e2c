import JSON

/// What one may do in a namespace, as the API server lists it.
package struct AccessRules: Sendable, Equatable {
    /// The verbs without which a kind is not delivered: to look, to apply, to remove.
    private static let applying = ["get", "create", "patch", "delete"]

    private struct Rule: Sendable, Equatable {
        let verbs: Set<String>
        let groups: Set<String>
        let resources: Set<String>
    }

    /// Where they hold.
    package let namespace: String
    private let rules: [Rule]

    /// Reads what a `SelfSubjectRulesReview` answers; rules for some names only are left out.
    init(in namespace: String, reading status: JSON) {
        self.namespace = namespace
        let listed = status["resourceRules"]?.array ?? []
        rules = listed.compactMap { rule in
            guard rule["resourceNames"]?.array?.isEmpty ?? true else { return nil }
            func texts(_ member: String) -> Set<String> {
                Set((rule[member]?.array ?? []).compactMap(\.string))
            }
            return Rule(
                verbs: texts("verbs"),
                groups: texts("apiGroups"),
                resources: texts("resources")
            )
        }
    }

    /// Whether objects of the kind can be applied and removed; never those of the whole cluster,
    /// which a rule of a namespace names in vain.
    package func allowsApplying(_ resource: APIResource) -> Bool {
        resource.isNamespaced
            && Self.applying.allSatisfy { verb in
                rules.contains { rule in
                    Self.holds(rule.verbs, verb) && Self.holds(rule.groups, resource.kind.group)
                        && Self.holds(rule.resources, resource.plural)
                }
            }
    }

    private static func holds(_ words: Set<String>, _ word: String) -> Bool {
        words.contains("*") || words.contains(word)
    }
}

extension KubernetesClient {
    /// What we may do in a namespace; asked again where it was asked a while ago, and where nothing
    /// that is known already will do.
    ///
    /// An authorizer beside RBAC may allow more than it lists; service accounts have their rights
    /// from RBAC.
    package func rights(
        in namespace: String,
        anew isAskedAnew: Bool = false
    ) async throws(KubernetesFault) -> AccessRules {
        rights.forget { isAskedAnew || $0.namespace != namespace }
        let age = limits.rightsAgeMax
        let known = try await rights.value(ageMax: age, clock: clock) {
            () throws(KubernetesFault) in
            try await reviewRights(in: namespace)
        }
        // Somebody was just asking about another namespace: one is remembered.
        guard known.namespace == namespace else { return try await reviewRights(in: namespace) }
        return known
    }

    private func reviewRights(
        in namespace: String
    ) async throws(KubernetesFault) -> AccessRules {
        let status = try await review(
            "selfsubjectrulesreviews",
            group: "authorization.k8s.io",
            kind: "SelfSubjectRulesReview",
            spec: ["namespace": .string(namespace)]
        )
        return AccessRules(in: namespace, reading: status)
    }
}
