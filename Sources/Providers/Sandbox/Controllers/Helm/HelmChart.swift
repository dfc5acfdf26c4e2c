import JSON

/// What a Helm release is made from.
struct HelmChart {
    var name: String
    var version: String
    /// Why the chart cannot be had; nil where it can.
    var fault: String?

    /// As Helm writes it: `podinfo@6.9.0`.
    var text: String { "\(name)@\(version)" }

    /// The chart of a HelmRelease.
    init(of release: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let chart = release.spec["chart"]?["spec"]
        name = chart?["chart"]?.string ?? ""
        version = chart?["version"]?.string ?? "*"
        let reference = chart?["sourceRef"] ?? release.spec["chartRef"]
        let kind = reference?["kind"]?.string ?? ""
        let namespace = reference?["namespace"]?.string ?? release.namespace
        let source = reference?["name"]?.string ?? ""
        let key = SandboxKey(SandboxKind("source.toolkit.fluxcd.io", kind), namespace, source)
        let place = "\(kind)/\(namespace ?? "")/\(source)"
        guard let found = try await scene.cluster.get(key) else {
            fault = "HelmChart '\(release.place)' is not ready: \(place) not found"
            return
        }
        if release.spec["chartRef"] != nil {
            let url = found.spec["url"]?.string ?? source
            let tag = found.spec["ref"]?["tag"] ?? found.spec["ref"]?["semver"]
            name = url.split(separator: "/").last.map(String.init) ?? source
            version = tag?.string ?? "1.0.0"
        }
        version = Self.plain(version)
        if !found.holds("Ready") { fault = "\(place) is not ready" }
    }

    /// One version for a range of them: `3.13.x` → `3.13.0`.
    private static func plain(_ version: String) -> String {
        if version.contains("-") || version.allSatisfy({ $0.isNumber || $0 == "." }) {
            return version
        }
        let numbers = version.split { !$0.isNumber && $0 != "x" && $0 != "*" }.map { part in
            part.allSatisfy(\.isNumber) ? String(part) : "0"
        }
        return (numbers + ["0", "0", "0"]).prefix(3).joined(separator: ".")
    }
}
