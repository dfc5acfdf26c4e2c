package import Contract
package import Domain
import Folders

extension EnvironmentWorkflows {
    /// The files of a roll-out that has not begun, by their paths below the environment's folder,
    /// as `deliver` would commit them now.
    ///
    /// - Throws: why that cannot be said.
    package func preview(
        of deployment: Deployment,
        into environment: Environment
    ) async throws(ProviderFault) -> [String: [UInt8]] {
        guard let tenant = try await records.tenant(environment.tenant),
            let repository = tenant.repository
        else { throw .refused(reason: "the tenant has no platform repository yet") }
        let name = environment.spec.placement.cluster(of: environment.name)
        guard let cluster = try await records.cluster(name, of: tenant.id) else {
            throw .refused(reason: "cluster \(name) is not there yet")
        }
        let rendered = try await files.render(
            EnvironmentRelease(
                tenant: tenant.id,
                blueprint: tenant.spec.blueprint.name,
                commit: repository.baseCommit,
                environment: environment.name,
                type: environment.spec.type,
                service: environment.spec.service,
                number: deployment.number,
                content: deployment.content,
                cluster: name,
                namespace: Self.namespace(of: environment.name, in: cluster),
                host: host(of: environment.name, tenant.name),
                values: try await takenNow(by: environment).values()
            )
        )
        return Dictionary(
            try await fitting(rendered, in: cluster).files.map { ($0.path.text, $0.bytes) }
        ) { first, _ in first }
    }

    /// The rendered files as they fit a cluster; as they are where that cannot be asked.
    private func fitting(
        _ rendered: RenderedRelease,
        in cluster: Cluster
    ) async throws(ProviderFault) -> RenderedRelease {
        do throws(ProviderFault) {
            return try await fitting(rendered, try await places.place(of: cluster))
        } catch {
            return rendered
        }
    }
}
