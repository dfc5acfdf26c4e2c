import Domain
import JSON

@testable import Classes

/// A rendering, and the few questions that tests ask of it.
struct Rendered {
    let rendering: ClassRendering

    init(
        _ template: String,
        _ change: (inout ClassWish) -> Void = { _ in },
        definition: JSON = [:]
    ) throws(ClassFault) {
        var wish = ClassWish(
            slug: ClusterSlug(stored: "acme-main"),
            tenant: "acme",
            cluster: "main",
            clusterID: "id-1",
            kubernetesVersion: "1.34.2"
        )
        change(&wish)
        let renderer = ClassRenderer(
            definition: try ClassDefinition(parsing: definition),
            template: try ClusterTemplate(parsing: Array(template.utf8))
        )
        rendering = try renderer.render(wish)
    }

    /// The objects of a kind.
    func all(_ kind: String) -> [ClassObject] {
        rendering.objects.filter { $0.kind == kind }
    }

    /// The only object of a kind, or that of a name.
    func one(_ kind: String, _ name: String? = nil) -> JSON {
        let found = all(kind).filter { name == nil || $0.name == name }
        return found.count == 1 ? .object(found[0].json) : .null
    }

    /// The names of a kind's objects.
    func names(_ kind: String) -> [String] { all(kind).map(\.name) }
}

/// What is wrong with a class or a wish, in the order in which it is told.
func findings(_ body: () throws(ClassFault) -> Void) -> [ClassFinding] {
    do throws(ClassFault) {
        try body()
        return []
    } catch {
        return error.findings
    }
}

extension JSON {
    /// The value at a path of keys and indices, such as `spec.template.0`.
    subscript(path path: String) -> JSON? {
        value(at: JSONPointer(path.split(separator: ".").map(String.init)))
    }
}

extension NodePool {
    static func sample(
        _ name: String,
        size: String? = nil,
        count: NodeCount = .fixed(2),
        labels: [(key: String, value: String)] = [],
        taints: [NodeTaint] = []
    ) -> NodePool {
        var pool = NodePool(name: name, size: size, count: count, taints: taints)
        do {
            pool.labels = try Labels(parsing: labels)
        } catch {
            preconditionFailure("the labels of a test are wrong: \(error)")
        }
        return pool
    }
}
