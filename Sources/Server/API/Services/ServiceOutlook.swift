import Blueprints
import Domain
import Git
import JSON
import Storage

/// What a delivery of a service would change of its objects.
struct ServiceOutlook {
    let service: ServiceInstance
    let release: OfferingRelease
    /// The environment that it belongs to, where that is only about to be made.
    var environment: Environment?

    /// What would be different from what is delivered.
    func manifests(_ call: Invocation) async throws -> ManifestOutlook {
        guard release.offering.place == .tenant else {
            return .unknown("The files of this offering are the platform's, and are not shown.")
        }
        let after: [String: [UInt8]]
        switch try await rendered(call) {
        case .success(let files): after = files
        case .failure(let unknown): return unknown
        }
        let before = try await DeliveredFiles.read(of: service, call)
        return .changes(
            ManifestChanges(from: before?.files ?? [:], to: after),
            since: before?.commit
        )
    }

    private enum Rendered {
        case success([String: [UInt8]])
        case failure(ManifestOutlook)
    }

    /// The files as the delivery would commit them now.
    private func rendered(_ call: Invocation) async throws -> Rendered {
        guard let home = try await home(call) else {
            return .failure(.unknown("The cluster is not there yet."))
        }
        var values = OfferingValues(
            tenant: service.tenantName.text,
            cluster: home.cluster.name.text,
            endpoint: home.cluster.status.seen.endpoint ?? "",
            namespace: home.namespace,
            service: service.name.text,
            host: "s-\(service.name).\(service.tenantName).\(call.services.ordering.domain)"
        )
        values.environment = service.spec.environment?.text ?? ""
        values.deployment = Int(service.status.deliveries)
        do throws(RenderFault) {
            let rendered = try release.content.render(
                release.files,
                plan: service.terms.plan,
                parameters: .object(service.terms.parameters),
                values: values
            )
            return .success(rendered.tree.delivered)
        } catch {
            throw Problem(
                .invalidInput,
                "The offering cannot be rendered like this: "
                    + error.findings.map(\.description).joined(separator: "; ")
            )
        }
    }

    private func home(
        _ call: Invocation
    ) async throws -> (cluster: Cluster, namespace: String)? {
        let storage = call.services.storage
        var name = service.status.cluster ?? service.spec.cluster
        var namespace = service.status.namespace
        if let environment = service.spec.environment, name == nil || namespace == nil {
            var found = self.environment
            if found == nil {
                found = try await storage.environments.find(
                    environment,
                    of: service.tenantName,
                    as: .system
                )?.environment()
            }
            name = name ?? found?.status.cluster ?? found?.spec.placement.cluster(of: environment)
            namespace = namespace ?? found?.status.namespace ?? environment.namespace
        }
        guard let name else { return nil }
        let found = try await storage.clusters.find(name, of: service.tenantName, as: .system)
        guard let cluster = try found?.cluster() else { return nil }
        let usual = cluster.spec.kind == .namespace ? cluster.slug.namespace : "s-\(service.name)"
        return (cluster, namespace ?? usual)
    }
}

extension RenderedTree {
    /// The files of `service/`, by their paths below it.
    fileprivate var delivered: [String: [UInt8]] {
        let part = OfferingBlueprint.Part.service
        var files: [String: [UInt8]] = [:]
        for (path, bytes) in contents where part.holds(path.text) {
            files[String(path.text.dropFirst(part.rawValue.utf8.count + 1))] = bytes
        }
        return files
    }
}
