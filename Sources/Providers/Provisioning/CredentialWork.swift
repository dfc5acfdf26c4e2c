import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

/// Everything that one step works with that makes a credential, or removes one.
struct CredentialWork: Sendable {
    let binding: ServiceBinding
    let record: CredentialRecord
    let site: ServiceSite
    /// The namespace in which the Secret is wanted; that of the service where an answer shows it.
    let consumerNamespace: String

    /// The labels of Secrets that are made for it.
    func labels(of rendered: CredentialRendering) -> JSONObject {
        var labels = site.labels
        labels["slipway.dev/binding"] = .string(binding.name.text)
        labels["slipway.dev/credential"] = .string(rendered.name)
        return labels
    }

    /// The labels by which its Secrets are found, whoever made them; where tenants share the
    /// namespace, all of them.
    func marks(of rendered: CredentialRendering) -> [(String, String)] {
        let credential = [("slipway.dev/credential", rendered.name)]
        guard site.spot.place == .platform else { return credential }
        return credential + [
            ("slipway.dev/binding", binding.name.text),
            ("slipway.dev/service", binding.serviceName.text),
            ("slipway.dev/tenant", binding.tenantName.text),
        ]
    }

    /// What its files are made from.
    ///
    /// - Throws: `.refused` where nobody has decided that yet.
    func release() throws(ProviderFault) -> CredentialRelease {
        guard let terms = record.terms else {
            throw .refused(reason: "nobody has begun credential \(record.number)")
        }
        return CredentialRelease(
            service: site.spot.release(site.service, at: terms),
            binding: binding.name,
            number: record.number,
            parameters: record.parameters,
            consumerNamespace: consumerNamespace,
            secret: binding.secretName
        )
    }
}

extension ServiceWorkflows {
    /// The binding of the job as it is wanted now; nil where it is gone.
    func binding(_ context: StepContext) async throws(ProviderFault) -> ServiceBinding? {
        guard let id = context.subject.id else { return nil }
        return try await records.binding(id.cast())
    }

    /// The number of the credential that the job is for; nil where it is for all of them.
    func credentialNumber(_ context: StepContext) -> Int64? {
        (context.desired["credential"]?["number"]?.int).map(Int64.init)
    }

    /// What this step works with; nil where the credential is made already, or another one is
    /// wanted.
    func credential(_ context: StepContext) async throws(ProviderFault) -> CredentialWork? {
        let findings = context.findings(of: Self.resolveStep)
        guard let spot = try ServiceSpot(reading: findings?["spot"] ?? findings),
            let binding = try await binding(context), let coming = binding.status.coming,
            coming.number == credentialNumber(context), binding.status.phase != .revoking
        else {
            context.log.info("nothing is left to do for this credential")
            return nil
        }
        guard let service = try await records.service(binding.service) else {
            throw .refused(reason: "the service is gone")
        }
        return CredentialWork(
            binding: binding,
            record: coming,
            site: try await site(of: service, at: spot),
            consumerNamespace: findings?["consumer"]?["namespace"]?.string ?? spot.namespace
        )
    }

    /// Where the consumer of a binding is; nil where an answer shows the credential.
    func consumer(
        of binding: ServiceBinding
    ) async throws(ProviderFault) -> Result<SecretPlace?, ConsumerLack> {
        switch binding.spec.delivery {
        case .answer: return .success(nil)
        case .namespace(let cluster, let namespace):
            return .success(
                SecretPlace(cluster: cluster, namespace: namespace, name: binding.secretName)
            )
        case .environment(let name):
            guard let found = try await records.environment(name, of: binding.tenantName) else {
                throw .refused(reason: "environment \(name), the consumer, is gone")
            }
            guard let cluster = found.status.cluster, let namespace = found.status.namespace else {
                return .failure(ConsumerLack(environment: name))
            }
            return .success(
                SecretPlace(cluster: cluster, namespace: namespace, name: binding.secretName)
            )
        }
    }

    /// The consumer's Secret, and the way there.
    func secret(
        of binding: ServiceBinding,
        at place: SecretPlace
    ) async throws(ProviderFault) -> ConsumerSecret {
        guard let cluster = try await records.cluster(place.cluster, of: binding.tenant) else {
            throw .refused(reason: "the consumer's cluster \(place.cluster) is gone")
        }
        return ConsumerSecret(
            binding: binding,
            namespace: place.namespace,
            client: try await places.place(of: cluster).guest()
        )
    }
}

/// The consumer has no place yet.
struct ConsumerLack: Error {
    let environment: EnvironmentName

    var wait: Wait {
        Wait(
            on: "environment \(environment), the consumer, to have its place",
            releasedBy: "what the environment's own status says that it waits on"
        )
    }
}
