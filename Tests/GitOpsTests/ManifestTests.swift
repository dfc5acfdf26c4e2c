import Domain
import EventLoop
import GitOps
import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ManifestTests {
    /// Kept beside the repository and not in it.
    private static let validator =
        String(#filePath.dropLast("Tests/GitOpsTests/ManifestTests.swift".count))
        + "../shared/tools/validate-manifests"

    @Test(.enabled(if: access(validator, X_OK) == 0, "no ../shared/tools/validate-manifests"))
    func `the entry of a tenant is what Flux takes`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            var paths: [String] = []
            for name in ["namespace"] {
                let source = "tenants/acme/\(name).yaml"
                let text = try #require(
                    try await bench.file(source, in: bench.layout.management)
                )
                paths.append("\(bench.folder.path)/\(name).yaml")
                let file = try #require(fopen(paths.last, "w"))
                fputs(text, file)
                fclose(file)
            }
            let loop = try #require(EventLoop.current)
            let child = try ChildProcess.spawn(
                executable: Self.validator,
                arguments: paths,
                environment: ["PATH": "/usr/bin:/bin"],
                directory: nil,
                loop: loop
            )
            child.closeInput()
            let output = try await child.read(upTo: 65_536) ?? []
            #expect(await child.exit().isSuccess, "\(String(decoding: output, as: UTF8.self))")
        }
    }
}
