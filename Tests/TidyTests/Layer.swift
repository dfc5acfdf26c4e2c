/// A target of the product, and what its place in the layers lets it import.
struct Layer: Sendable {
    let name: String
    let folder: String
    /// Other targets of the package.
    let targets: Set<String>
    /// Products of other packages, and what the toolchain brings.
    let outside: Set<String>

    var imports: Set<String> { targets.union(outside) }

    /// `Synchronization` belongs to the language; everything else is named.
    func mayImport(_ module: String) -> Bool {
        module == name || module == "Synchronization" || imports.contains(module)
    }

    /// The layer of the file; nil for a folder that belongs to none.
    static func of(_ path: String) -> Layer? {
        all.first { path.hasPrefix($0.folder + "/") }
    }

    /// The table of `Package.swift`, once more and on purpose: widening a layer takes two edits.
    ///
    /// `Glibc` is for the edge, where the kernel begins. `Foundation` is for YAML alone,
    /// because Yams asks for it.
    static let all: [Layer] = [
        Layer(
            "Federation",
            "Server",
            ["Domain", "EventLoop", "JSON", "Outbound", "Secrets"],
            ["JWTKit"]
        ),
        Layer("EventLoop", "Core", ["CLinux"], ["Glibc"]),
        Layer("JSON", "Core", [], []),
        Layer("Secrets", "Core", ["COpenSSL"], ["Glibc"]),
        Layer("Telemetry", "Core", ["CLinux", "JSON"], ["Glibc", "Logging"]),
        Layer("Domain", "Core", ["JSON"], []),
        Layer("YAML", "Core", ["JSON"], ["Foundation", "Yams"]),
        Layer("Blueprints", "Core", ["Domain", "JSON", "Secrets", "YAML"], []),
        Layer("Catalog", "Core", ["Blueprints", "Domain", "JSON", "YAML"], []),
        Layer(
            "Scorecards",
            "Core",
            ["Blueprints", "Catalog", "Domain", "JSON", "YAML"],
            []
        ),
        Layer(
            "Postgres",
            "Core",
            ["CLinux", "CPostgres", "EventLoop", "Telemetry"],
            ["Glibc", "Logging"]
        ),
        Layer("Outbound", "Core", ["CCurl", "CLinux", "EventLoop"], []),
        Layer(
            "Git",
            "Core",
            ["CGit", "CLinux", "COpenSSL", "CZlib", "Domain", "EventLoop"],
            ["Glibc", "Logging"]
        ),
        Layer("Classes", "Core", ["Blueprints", "Domain", "JSON", "YAML"], []),
        Layer("Rendering", "Core", ["Blueprints", "Domain", "Git", "JSON"], []),
        Layer("TimeZones", "Core", ["Domain"], ["Glibc"]),
        Layer(
            "Storage",
            "Core",
            ["Catalog", "Domain", "JSON", "Postgres", "Scorecards", "Secrets"],
            []
        ),
        Layer(
            "Jobs",
            "Core",
            ["Contract", "Domain", "EventLoop", "JSON", "Storage", "Telemetry"],
            ["Logging"]
        ),
        Layer("Contract", "Providers", ["Domain", "JSON"], []),
        Layer("Drivers", "Providers", ["Contract", "Domain", "JSON", "YAML"], []),
        Layer(
            "Webhooks",
            "Providers",
            ["Domain", "EventLoop", "JSON", "Outbound", "Secrets"],
            ["Logging"]
        ),
        Layer(
            "Forges",
            "Providers",
            ["Domain", "EventLoop", "JSON", "Outbound", "Secrets"],
            ["Logging"]
        ),
        Layer(
            "Ingest",
            "Providers",
            ["Catalog", "Contract", "Domain", "Git", "JSON", "Scorecards"],
            []
        ),
        Layer("Readiness", "Providers", ["Domain", "Drivers", "JSON"], []),
        Layer("Namespaces", "Providers", ["Contract", "Domain", "Drivers", "JSON"], []),
        Layer("ClusterAPI", "Providers", ["Classes", "Contract", "Domain", "Drivers", "JSON"], []),
        Layer("VCluster", "Providers", ["Contract", "Domain", "Drivers", "JSON", "YAML"], []),
        Layer(
            "Kubernetes",
            "Providers",
            ["Contract", "Domain", "EventLoop", "JSON", "Outbound", "Secrets", "YAML"],
            []
        ),
        Layer(
            "Clusters",
            "Providers",
            [
                "Contract", "Domain", "Drivers", "EventLoop", "JSON", "Kubernetes", "Secrets",
                "YAML",
            ],
            ["Logging"]
        ),
        Layer(
            "Folders",
            "Providers",
            [
                "Contract", "Domain", "Drivers", "EventLoop", "JSON", "Kubernetes", "Readiness",
                "YAML",
            ],
            ["Logging"]
        ),
        Layer(
            "Environments",
            "Providers",
            [
                "Contract", "Domain", "Drivers", "EventLoop", "Folders", "JSON", "Kubernetes",
                "Readiness", "YAML",
            ],
            ["Logging"]
        ),
        Layer(
            "Provisioning",
            "Providers",
            [
                "Contract", "Domain", "Drivers", "EventLoop", "Folders", "JSON", "Kubernetes",
                "Readiness", "Secrets",
            ],
            ["Logging"]
        ),
        Layer(
            "GitOps",
            "Providers",
            [
                "Blueprints", "Classes", "Contract", "Domain", "EventLoop", "Git", "JSON",
                "Rendering",
            ],
            ["Logging"]
        ),
        Layer(
            "Sandbox",
            "Providers",
            ["Blueprints", "Domain", "EventLoop", "JSON", "Kubernetes", "Secrets", "YAML"],
            []
        ),
        Layer(
            "HTTP",
            "Server",
            ["CLinux", "COpenSSL", "EventLoop", "Telemetry"],
            ["Glibc", "Logging"]
        ),
        Layer("Routing", "Server", ["HTTP"], []),
        Layer(
            "API",
            "Server",
            [
                "Blueprints", "Catalog", "Classes", "Domain", "EventLoop", "Git", "HTTP", "JSON",
                "Jobs", "Rendering", "Routing", "Scorecards", "Secrets", "Storage", "Telemetry",
                "YAML",
            ],
            ["Logging"]
        ),
        Layer(
            "slipway",
            "Server",
            [
                "API", "Blueprints", "CEmbedded", "CGit", "CLinux", "COpenSSL", "CPostgres",
                "Catalog",
                "Classes", "ClusterAPI", "Clusters", "Contract", "Domain", "Drivers",
                "Environments", "EventLoop", "Federation", "Folders", "Forges", "Git", "GitOps",
                "HTTP", "Ingest",
                "JSON",
                "Jobs",
                "Kubernetes", "Namespaces", "Outbound", "Postgres", "Provisioning", "Routing",
                "Sandbox", "Scorecards", "Secrets", "Storage", "Telemetry", "TimeZones",
                "VCluster", "Webhooks", "YAML",
            ],
            ["ArgumentParser", "Glibc", "Logging"],
            folder: "Program"
        ),
    ]

    private init(
        _ name: String,
        _ part: String,
        _ targets: Set<String>,
        _ outside: Set<String>,
        folder: String? = nil
    ) {
        self.name = name
        self.folder = "Sources/\(part)/\(folder ?? name)"
        self.targets = targets
        self.outside = outside
    }
}
