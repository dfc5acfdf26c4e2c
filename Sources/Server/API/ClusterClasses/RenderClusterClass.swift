import Classes
import Domain
import EventLoop
import HTTP
import JSON
import Storage

/// The objects that one cluster of a class would be.
///
/// Writes nothing.
struct RenderClusterClass: Operation {
    static let endpoint = Endpoint(
        "renderClusterClass",
        .post,
        "/v1/cluster-classes/{class}:render",
        for: .permitted(.manageClusterClasses),
        body: .json
    )

    private let name: ClusterClassName
    private let wish: ClassWish

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("class")
        let clusters = inputs.call.services.clusters
        wish = try inputs.read { reader in
            let tenant: TenantName? = reader.optional("tenant", Reading.name)
            let name: ClusterName? = reader.optional("name", Reading.name)
            let read = reader.object("spec") { ClusterSpecReader(&$0, clusters) }
            let spec = read?.order.rest ?? ClusterSpecReader.blank
            let owner = tenant ?? TenantName("example")
            let made = name ?? Cluster.nameFirst
            return ClassWish(
                slug: ClusterSlug(tenant: owner, cluster: made),
                tenant: owner.text,
                cluster: made.text,
                clusterID: "00000000-0000-7000-8000-000000000000",
                kubernetesVersion: spec.kubernetesVersion,
                region: spec.region,
                controlPlaneReplicas: spec.controlPlaneReplicas,
                nodePools: spec.nodePools,
                isPaused: spec.paused
            )
        }
    }

    /// Everything that takes long is done on a thread of the pool, a few at a time for each
    /// caller.
    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.clusterClasses.find(name, as: call.access)
        guard let shown = try found?.clusterClass() else { throw Problem.notFound }
        let definition = try JSON.parse(shown.definition)
        let place = try call.services.renderings.enter(for: call.tokenID)
        defer { withExtendedLifetime(place) {} }
        let (template, wish) = (Array(shown.template.utf8), wish)
        let result = try await call.services.pool.run {
            () -> Result<ClassRendering, ClassFault> in
            do throws(ClassFault) {
                let renderer = ClassRenderer(
                    definition: try ClassDefinition(parsing: definition),
                    template: try ClusterTemplate(parsing: template)
                )
                return .success(try renderer.render(wish))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let rendering): return .json(.ok, Self.bytes(rendering))
        case .failure(let fault): throw Problem(rendering: fault)
        }
    }

    private static func bytes(_ rendering: ClassRendering) -> [UInt8] {
        var writer = JSONWriter(reserving: 16_384)
        writer.beginObject()
        writer.key("objects")
        writer.array(rendering.objects) { $0.value(.object($1.json)) }
        writer.key("nodePools")
        writer.array(rendering.poolNames) { $0.string($1) }
        writer.key("findings")
        writer.array(rendering.findings) { $0.value($1.json) }
        writer.endObject()
        return writer.finish()
    }
}

extension Problem {
    /// Every finding of a rendering, at its place in the order.
    fileprivate init(rendering fault: ClassFault) {
        self.init(
            .invalidInput,
            "The class cannot be rendered so; see `errors`.",
            faults: fault.findings.prefix(Self.faultsMax).map { finding in
                let tokens = finding.pointer.flatMap { JSONPointer(parsing: $0) }?.tokens ?? []
                return Fault(
                    .body(JSONPointer(["spec"] + tokens)),
                    code: finding.code.rawValue,
                    detail: finding.description
                )
            }
        )
    }
}
