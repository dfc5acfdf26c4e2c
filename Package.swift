// swift-tools-version: 6.2
import PackageDescription

/// What a release is compiled with beside `-O`; decision 9 says why.
let released: [SwiftSetting] = [
    .unsafeFlags(
        ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
        .when(configuration: .release)
    )
]

/// What every Swift target is compiled with: imports say what they expose, and no warning stands.
let strict: [SwiftSetting] =
    released + [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]

/// For targets that never touch a pointer: every unsafe use must be spelled out.
let strictMemory = strict + [.strictMemorySafety()]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let system: [Target] = [
    .target(name: "CLinux", path: "Sources/Core/System/CLinux"),
    .target(name: "CEmbedded", path: "Sources/Core/System/CEmbedded"),
    .systemLibrary(
        name: "CPostgres",
        path: "Sources/Core/System/CPostgres",
        pkgConfig: "libpq",
        providers: [.apt(["libpq-dev"])]
    ),
    .systemLibrary(
        name: "COpenSSL",
        path: "Sources/Core/System/COpenSSL",
        pkgConfig: "openssl",
        providers: [.apt(["libssl-dev"])]
    ),
    .systemLibrary(
        name: "CCurl",
        path: "Sources/Core/System/CCurl",
        pkgConfig: "libcurl",
        providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(
        name: "CGit",
        path: "Sources/Core/System/CGit",
        pkgConfig: "libgit2",
        providers: [.apt(["libgit2-dev"])]
    ),
    .systemLibrary(
        name: "CZlib",
        path: "Sources/Core/System/CZlib",
        pkgConfig: "zlib",
        providers: [.apt(["zlib1g-dev"])]
    ),
]

let core: [Target] = [
    .target(
        name: "EventLoop",
        dependencies: ["CLinux"],
        path: "Sources/Core/EventLoop",
        swiftSettings: strict
    ),
    .target(name: "JSON", path: "Sources/Core/JSON", swiftSettings: strict),
    .target(
        name: "Secrets",
        dependencies: ["COpenSSL"],
        path: "Sources/Core/Secrets",
        swiftSettings: strict
    ),
    .target(
        name: "Telemetry",
        dependencies: ["CLinux", "JSON", log],
        path: "Sources/Core/Telemetry",
        swiftSettings: strict
    ),
    .target(
        name: "Domain",
        dependencies: ["JSON"],
        path: "Sources/Core/Domain",
        swiftSettings: strictMemory
    ),
    .target(
        name: "YAML",
        dependencies: ["JSON", yams],
        path: "Sources/Core/YAML",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Blueprints",
        dependencies: ["Domain", "JSON", "Secrets", "YAML"],
        path: "Sources/Core/Blueprints",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Catalog",
        dependencies: ["Blueprints", "Domain", "JSON", "YAML"],
        path: "Sources/Core/Catalog",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Scorecards",
        dependencies: ["Blueprints", "Catalog", "Domain", "JSON", "YAML"],
        path: "Sources/Core/Scorecards",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Postgres",
        dependencies: ["CLinux", "CPostgres", "EventLoop", "Telemetry", log],
        path: "Sources/Core/Postgres",
        swiftSettings: strict
    ),
    .target(
        name: "Outbound",
        dependencies: ["CCurl", "CLinux", "EventLoop"],
        path: "Sources/Core/Outbound",
        swiftSettings: strict
    ),
    .target(
        name: "Git",
        dependencies: ["CGit", "CLinux", "COpenSSL", "CZlib", "Domain", "EventLoop", log],
        path: "Sources/Core/Git",
        swiftSettings: strict
    ),
    .target(
        name: "Classes",
        dependencies: ["Blueprints", "Domain", "JSON", "YAML"],
        path: "Sources/Core/Classes",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Rendering",
        dependencies: ["Blueprints", "Domain", "Git", "JSON"],
        path: "Sources/Core/Rendering",
        swiftSettings: strictMemory
    ),
    .target(
        name: "TimeZones",
        dependencies: ["Domain"],
        path: "Sources/Core/TimeZones",
        swiftSettings: strict
    ),
    .target(
        name: "Storage",
        dependencies: ["Catalog", "Domain", "JSON", "Postgres", "Scorecards", "Secrets"],
        path: "Sources/Core/Storage",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Jobs",
        dependencies: ["Contract", "Domain", "EventLoop", "JSON", "Storage", "Telemetry", log],
        path: "Sources/Core/Jobs",
        swiftSettings: strictMemory
    ),
]

let providers: [Target] = [
    .target(
        name: "Contract",
        dependencies: ["Domain", "JSON"],
        path: "Sources/Providers/Contract",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Kubernetes",
        dependencies: [
            "Contract", "Domain", "EventLoop", "JSON", "Outbound", "Secrets", "YAML",
        ],
        path: "Sources/Providers/Kubernetes",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Clusters",
        dependencies: [
            "Contract", "Domain", "Drivers", "EventLoop", "JSON", "Kubernetes", "Secrets", "YAML",
            log,
        ],
        path: "Sources/Providers/Clusters",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Drivers",
        dependencies: ["Contract", "Domain", "JSON", "YAML"],
        path: "Sources/Providers/Drivers",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Namespaces",
        dependencies: ["Contract", "Domain", "Drivers", "JSON"],
        path: "Sources/Providers/Namespaces",
        swiftSettings: strictMemory
    ),
    .target(
        name: "ClusterAPI",
        dependencies: ["Classes", "Contract", "Domain", "Drivers", "JSON"],
        path: "Sources/Providers/ClusterAPI",
        swiftSettings: strictMemory
    ),
    .target(
        name: "VCluster",
        dependencies: ["Contract", "Domain", "Drivers", "JSON", "YAML"],
        path: "Sources/Providers/VCluster",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Webhooks",
        dependencies: ["Domain", "EventLoop", "JSON", "Outbound", "Secrets", log],
        path: "Sources/Providers/Webhooks",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Forges",
        dependencies: ["Domain", "EventLoop", "JSON", "Outbound", "Secrets", log],
        path: "Sources/Providers/Forges",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Ingest",
        dependencies: ["Catalog", "Contract", "Domain", "Git", "JSON", "Scorecards"],
        path: "Sources/Providers/Ingest",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Readiness",
        dependencies: ["Domain", "Drivers", "JSON"],
        path: "Sources/Providers/Readiness",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Folders",
        dependencies: [
            "Contract", "Domain", "Drivers", "EventLoop", "JSON", "Kubernetes", "Readiness",
            "YAML", log,
        ],
        path: "Sources/Providers/Folders",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Environments",
        dependencies: [
            "Contract", "Domain", "Drivers", "EventLoop", "Folders", "JSON", "Kubernetes",
            "Readiness", "YAML", log,
        ],
        path: "Sources/Providers/Environments",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Provisioning",
        dependencies: [
            "Contract", "Domain", "Drivers", "EventLoop", "Folders", "JSON", "Kubernetes",
            "Readiness", "Secrets", log,
        ],
        path: "Sources/Providers/Provisioning",
        swiftSettings: strictMemory
    ),
    .target(
        name: "GitOps",
        dependencies: [
            "Blueprints", "Classes", "Contract", "Domain", "EventLoop", "Git", "JSON", "Rendering",
            log,
        ],
        path: "Sources/Providers/GitOps",
        swiftSettings: strictMemory
    ),
]

let sandbox: [Target] = [
    .target(
        name: "Sandbox",
        dependencies: [
            "Blueprints", "Domain", "EventLoop", "JSON", "Kubernetes", "Secrets", "YAML",
        ],
        path: "Sources/Providers/Sandbox",
        swiftSettings: strictMemory
    )
]

let server: [Target] = [
    .target(
        name: "HTTP",
        dependencies: ["CLinux", "COpenSSL", "EventLoop", "Telemetry", log],
        path: "Sources/Server/HTTP",
        swiftSettings: strict
    ),
    .target(
        name: "Routing",
        dependencies: ["HTTP"],
        path: "Sources/Server/Routing",
        swiftSettings: strictMemory
    ),
    .target(
        name: "Federation",
        dependencies: ["Domain", "EventLoop", "JSON", "Outbound", "Secrets", jwt],
        path: "Sources/Server/Federation",
        swiftSettings: strict
    ),
    .target(
        name: "API",
        dependencies: [
            "Blueprints", "Catalog", "Classes", "Domain", "EventLoop", "Git", "HTTP", "JSON",
            "Jobs", "Rendering", "Routing", "Scorecards", "Secrets", "Storage", "Telemetry", "YAML",
            log,
        ],
        path: "Sources/Server/API",
        swiftSettings: strictMemory
    ),
    .executableTarget(
        name: "slipway",
        dependencies: [
            "API", "Blueprints", "CEmbedded", "CLinux", "Catalog", "Classes", "ClusterAPI",
            "Clusters", "Contract", "Domain", "Drivers", "Environments", "EventLoop", "Federation",
            "Folders", "Forges", "Git", "GitOps", "HTTP", "Ingest", "JSON", "Jobs", "Kubernetes",
            "Namespaces", "Outbound", "Postgres", "Provisioning", "Routing", "Sandbox",
            "Scorecards", "Secrets", "Storage", "Telemetry", "TimeZones", "VCluster", "Webhooks",
            "YAML", arguments, log,
        ],
        path: "Sources/Server/Program",
        swiftSettings: strict
    ),
]

/// A test target named after what it tests, with what it imports beside the subject.
func tests(_ subject: String, _ others: Target.Dependency...) -> Target {
    tests(subject, beside: others)
}

/// The same with a list.
func tests(_ subject: String, beside others: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(subject)Tests",
        dependencies: [.init(stringLiteral: subject)] + others,
        path: "Tests/\(subject)Tests",
        swiftSettings: strict
    )
}

/// What libFuzzer runs; `scripts/fuzz` asks for it, nothing else builds it.
let fuzzing: [Target] =
    Context.environment["SLIPWAY_FUZZING"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "API", "Blueprints", "Domain", "EventLoop", "HTTP", "JSON", "Kubernetes",
                "Outbound", "Secrets", "YAML",
            ],
            path: "Tests/Fuzz",
            exclude: ["dictionaries"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        )
    ]

let package = Package(
    name: "slipway",
    products: [.executable(name: "slipway", targets: ["slipway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: system + core + providers + sandbox + server + fuzzing + [
        .target(
            name: "TestSupport",
            dependencies: [
                "CEmbedded", "CLinux", "Contract", "Domain", "EventLoop", "JSON", "Postgres", log,
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .target(
            name: "SandboxSupport",
            dependencies: ["Domain", "Sandbox"],
            path: "Tests/SandboxSupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TidyTests",
            path: "Tests/TidyTests",
            exclude: ["migrations.sha256"],
            swiftSettings: strict
        ),
        tests("Blueprints", "CEmbedded", "Domain", "JSON", "TestSupport"),
        tests("Catalog", "Domain", "JSON"),
        tests("Scorecards", "Catalog", "Domain", "JSON", "TestSupport"),
        tests("Ingest", "Catalog", "Contract", "Domain", "EventLoop", "Git", "JSON", "TestSupport"),
        tests("Classes", "Blueprints", "CEmbedded", "Domain", "JSON", "TestSupport", "YAML"),
        tests("Contract", "Domain", "JSON", "TestSupport"),
        tests("Drivers", "Contract", "Domain", "JSON", "TestSupport", "YAML"),
        tests("Readiness", "Domain", "Drivers", "JSON", "TestSupport", "YAML"),
        tests("Namespaces", "Contract", "Domain", "JSON", "TestSupport", "YAML"),
        tests("VCluster", "Contract", "Domain", "JSON", "TestSupport", "YAML"),
        tests("ClusterAPI", "Contract", "Domain", "JSON", "TestSupport", "YAML"),
        tests("EventLoop", "TestSupport"),
        tests("TimeZones", "Domain"),
        tests("GitOps", "Contract", "Domain", "EventLoop", "Git", "JSON", "TestSupport"),
        tests("Git", "Blueprints", "CEmbedded", "Domain", "EventLoop", "JSON", "TestSupport"),
        tests(
            "Clusters",
            beside: [
                "CEmbedded", "ClusterAPI", "Contract", "Domain", "Drivers", "Environments",
                "EventLoop", "Folders", "Git", "GitOps", "JSON", "Kubernetes", "Namespaces",
                "Outbound", "Provisioning", "Sandbox", "SandboxSupport", "Secrets", "TestSupport",
                "VCluster", "YAML", log,
            ]
        ),
        tests(
            "Kubernetes",
            beside: [
                "Contract", "Domain", "EventLoop", "HTTP", "JSON", "Outbound", "Secrets",
                "TestSupport",
            ]
        ),
        tests("Outbound", "EventLoop", "HTTP", "TestSupport"),
        tests("Postgres", "EventLoop", "Telemetry", "TestSupport", log),
        tests(
            "Jobs",
            beside: [
                "Contract", "Domain", "EventLoop", "JSON", "Postgres", "Storage", "Telemetry",
                "TestSupport", log,
            ]
        ),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "slipway", "Contract", "EventLoop", "HTTP", "Outbound", "Postgres", "Storage",
                "TestSupport", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/ProgramTests",
            swiftSettings: strict
        ),
        tests(
            "Webhooks",
            beside: [
                "slipway", "Domain", "EventLoop", "HTTP", "JSON", "Outbound", "Postgres", "Secrets",
                "Storage", "TestSupport", log,
            ]
        ),
        tests(
            "Forges",
            beside: [
                "slipway", "Clusters", "Contract", "Domain", "EventLoop", "Git", "GitOps", "HTTP",
                "JSON", "Outbound", "Postgres", "Secrets", "Storage", "TestSupport", log,
            ]
        ),
        tests("Federation", "Domain", "EventLoop", "HTTP", "JSON", "Secrets", "TestSupport", jwt),
        tests("HTTP", "CLinux", "COpenSSL", "EventLoop", "TestSupport"),
        tests(
            "Sandbox",
            beside: [
                "slipway", "Domain", "EventLoop", "JSON", "Kubernetes", "Postgres",
                "SandboxSupport", "Secrets", "Storage", "TestSupport", "YAML", log,
            ]
        ),
        tests(
            "API",
            beside: [
                "slipway", "Blueprints", "CEmbedded", "Catalog", "Contract", "Domain", "EventLoop",
                "Git", "GitOps", "HTTP", "Ingest", "JSON", "Jobs", "Outbound", "Postgres",
                "Routing", "Scorecards", "Secrets", "Storage", "Telemetry", "TestSupport",
                "TimeZones", "YAML", log,
            ]
        ),
        tests("Domain", "JSON"),
        tests("JSON", "TestSupport"),
        tests("Secrets", "TestSupport"),
        .testTarget(
            name: "SandboxPlayTests",
            dependencies: ["Domain", "EventLoop", "JSON", "Sandbox", "SandboxSupport", "YAML"],
            path: "Tests/SandboxPlayTests",
            swiftSettings: strict
        ),
        tests("Telemetry", "JSON", "TestSupport", log),
        tests("Routing", "HTTP"),
        tests("YAML", "JSON", "TestSupport"),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Catalog", "Domain", "EventLoop", "JSON", "Postgres", "Secrets", "Storage",
                "TestSupport", log,
            ],
            path: "Tests/StorageTests",
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)
