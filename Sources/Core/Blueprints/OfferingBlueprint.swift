package import Domain
import JSON

/// What tenants may order: a folder of a blueprint with `offering.yaml` and manifests.
///
/// `docs/offerings.md` is its format. A tenant's repository holds what is rendered, not the folder.
package struct OfferingBlueprint: Sendable {
    /// The most offerings of one blueprint.
    package static let countMax = 100
    /// The most plans of one offering.
    package static let plansMax = 10
    /// The most Secrets of a service, and of a credential.
    package static let secretsMax = 20
    /// The most keys of a Secret.
    package static let credentialsMax = 50
    /// The most outputs of one offering.
    package static let outputsMax = 20
    /// The most rules of readiness of one offering.
    package static let rulesMax = 20
    /// Bytes of the file for people.
    package static let docsBytesMax = 256 << 10
    /// The file that says what a folder offers.
    package static let fileName = "offering.yaml"
    /// The value of `kind`.
    package static let kind = "Offering"

    /// What is rendered, each with a folder of its own.
    package enum Part: String, Sendable, CaseIterable {
        case service
        case serviceEnd = "service-end"
        case binding
        case bindingEnd = "binding-end"

        /// Whether the path, below the offering's folder, belongs to it.
        package func holds(_ path: String) -> Bool { path.hasPrefix(rawValue + "/") }
    }

    /// What callers see of it.
    package let offering: Offering
    /// The folder in the blueprint, without a slash at the end.
    package let folder: String
    /// When its objects are ready, beside what holds for every object.
    package let readiness: [ReadinessRule]
    /// Secrets that are there before a service's manifests.
    package let secrets: [SecretBlueprint]
    /// How a credential is made; nil for an offering that cannot be bound.
    package let binding: CredentialBlueprint?
    let restrictions: [String: JSONSchema]
    let outputs: [(name: String, value: JSON)]
    let manifest: BlueprintManifest

    /// Whether the file of a blueprint belongs to it.
    package func holds(_ path: String) -> Bool { path.hasPrefix(folder + "/") }
}

/// How a credential of an offering is made.
package struct CredentialBlueprint: Sendable {
    /// Secrets that are there before a credential's manifests.
    package let secrets: [SecretBlueprint]
    /// The keys of the consumer's Secret, with variables.
    package let credentials: [CredentialEntry]
    /// A Secret whose keys are all taken over, with variables; nil where there is none.
    package let takesAllOf: String?
    let manifest: BlueprintManifest
}

/// A Secret that there is where a condition holds.
package struct SecretBlueprint: Sendable {
    /// The Secret, with variables.
    package let secret: OfferingSecret
    let condition: FileCondition?
}
