import Domain
import JSON

/// The objects of one cluster while they are put together.
struct ClassBuild {
    let request: ClassRequest
    /// Everything but pools.
    var objects: [TemplateObject]
    /// The pools of the template, made for the version of the nodes.
    let groups: [PoolGroup]
    /// The pools that there will be.
    var pools: [PoolGroup] = []
    /// The names of the pools that there will be, and what holds them.
    var poolNames: [String] = []
    var poolObjects: [String: String] = [:]
    /// What keeps the wish from being met.
    var fault = ClassFault()
    /// What should be known.
    var notes: [ClassFinding] = []
    /// Where the root is among `objects`.
    let rootPlace: Int

    var wish: ClassWish { request.wish }
    var definition: ClassDefinition { request.definition }
    var slug: String { wish.slug.description }

    var root: TemplateObject {
        get { objects[rootPlace] }
        set { objects[rootPlace] = newValue }
    }

    /// The version of Cluster API's own objects.
    var coreVersion: String { root.version }

    /// Whether the cluster is described by a topology.
    var isTopology: Bool { root.json["spec"]?["topology"] != nil }

    /// Takes the pools out of the template's objects.
    ///
    /// - Throws: what keeps the template from being that of one cluster.
    init(
        _ request: ClassRequest,
        objects all: [TemplateObject],
        workers: [TemplateObject]
    ) throws(ClassFault) {
        self.request = request
        let slug = request.wish.slug.description
        var fault = ClassFault()
        var placed = all.filter { !($0.kind == "Namespace" && $0.group.isEmpty) }
        Self.place(request, .controlPlane, in: &placed, fault: &fault)
        var placedWorkers = workers
        Self.place(request, .workers, in: &placedWorkers, fault: &fault)
        groups = PoolGroup.groups(in: placedWorkers, slug: slug)
        let rest = PoolGroup.removing(PoolGroup.groups(in: placed, slug: slug), from: placed)
        objects = rest
        let roots = rest.indices.filter { rest[$0].isRoot }
        rootPlace = roots.first ?? 0
        if roots.count != 1 {
            let message =
                roots.isEmpty
                ? "the template has no `Cluster` of Cluster API"
                : "the template has \(roots.count) clusters; one is taken"
            fault.add(ClassFinding(.badTemplate, message))
        } else if rest[rootPlace].name != slug {
            fault.add(
                ClassFinding(
                    .badTemplate,
                    line: rest[rootPlace].line,
                    "the cluster is called \(rest[rootPlace].name) whatever is asked for; say "
                        + "in `mapping.name` which variable takes its name"
                )
            )
        }
        guard fault.findings.isEmpty else { throw fault }
    }

    private enum Part { case controlPlane, workers }

    /// Sets what the mapping gives a path for.
    private static func place(
        _ request: ClassRequest,
        _ part: Part,
        in objects: inout [TemplateObject],
        fault: inout ClassFault
    ) {
        let version = part == .workers ? request.workersVersion : request.version
        let mapping = request.definition.mapping
        let replicas = request.wish.controlPlaneReplicas
        let wanted: [([ClassMapping.Target], JSON?)] = [
            (mapping.name, .string(request.wish.slug.description)),
            (mapping.namespace, .string(request.wish.slug.namespace)),
            (mapping.kubernetesVersion, version.map { .string($0) }),
            (mapping.region, request.wish.region.map { .string($0) }),
            (mapping.controlPlaneReplicas, replicas.map { .integer($0) }),
        ]
        for (targets, value) in wanted {
            for case .path(let kind, let pointer) in targets {
                guard let value else { continue }
                let places = objects.indices.filter { objects[$0].kind == kind }
                for place in places { objects[place].json.set(value, at: pointer.tokens) }
                guard places.isEmpty, part == .controlPlane else { continue }
                let message = "the template has no \(kind), which `mapping` names"
                fault.add(ClassFinding(.badDefinition, pointer: "/mapping", message))
            }
        }
    }
}
