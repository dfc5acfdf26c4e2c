// swift-tools-version: 6.2
import PackageDescription

/// The peers that are not in Debian; nothing here is part of the product.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1")
    ],
    targets: [
        .executableTarget(
            name: "HummingbirdPeer",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: [.unsafeFlags(["-cross-module-optimization"])]
        )
    ],
    swiftLanguageModes: [.v6]
)
