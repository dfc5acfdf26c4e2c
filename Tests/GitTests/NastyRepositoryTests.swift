import Glibc
import Testing

@testable import Git

@Suite struct NastyRepositoryTests {
    /// The bundle lies beside the repository where it is there at all.
    static let bundle: String? = {
        let places = [
            "../shared/data/libgit2_nasty.bundle", "../../shared/data/libgit2_nasty.bundle",
        ]
        return places.first { (place: String) in access(place, R_OK) == 0 }
            .flatMap { realpath($0, nil).map { String(cString: $0) } }
    }()

    /// Every file outside `work` with its hash.
    private static let state = """
        find . -path ./work -prune -o -type f -not -name answer -not -name log -print0 \
        | sort -z | xargs -0 sha256sum
        """

    /// Branches in which nothing is wrong.
    private static let harmless: Set = ["master"]

    @Test(.enabled(if: bundle != nil, "the bundle is not beside this repository"))
    func `every nasty branch is refused, and nothing is written outside`() throws {
        let bench = try Workbench()
        bench.shell("mkdir canary && echo safe > canary/file && mkdir work")
        bench.shell("git clone -q --mirror '\(Self.bundle ?? "")' work/nasty.git")
        let canary = bench.output(
            of:
                Self.state
        )
        let repository = try Repository(opening: bench.path("work/nasty.git"))
        let branches = try repository.branches()
        #expect(branches.count >= 44)
        for branch in branches {
            do throws(GitFault) {
                _ = try repository.snapshot(of: branch.commit) { _ in true }
                #expect(Self.harmless.contains(branch.name), "\(branch.name) was taken")
            } catch {
                guard case .refused(let refusals) = error else {
                    Issue.record("\(branch.name): \(error)")
                    continue
                }
                #expect(!refusals.isEmpty && !Self.harmless.contains(branch.name))
            }
        }
        #expect(
            bench.output(
                of:
                    Self.state
            ) == canary
        )
    }

    @Test(.enabled(if: bundle != nil, "the bundle is not beside this repository"))
    func `a nasty repository does not get in by a fetch`() async throws {
        let bench = try Workbench()
        bench.shell("git clone -q --mirror '\(Self.bundle ?? "")' nasty.git")
        let request = FetchRequest(
            source: bench.path("nasty.git"),
            destination: bench.path("mirror.git")
        )
        await #expect(throws: GitFault.self) { try await bench.service.mirror(request) }
        #expect(bench.output(of: "git -C mirror.git for-each-ref") == "")
    }

    @Test(.enabled(if: bundle != nil, "the bundle is not beside this repository"))
    func `a bundle as a source brings objects, but no version that is taken`() async throws {
        let bench = try Workbench()
        let mirror = bench.path("mirror.git")
        try await bench.service.mirror(
            FetchRequest(source: Self.bundle ?? "", destination: mirror)
        )
        let repository = try Repository(opening: mirror)
        for branch in try repository.branches() where !Self.harmless.contains(branch.name) {
            #expect(throws: GitFault.self) { try repository.snapshot(of: branch.commit) }
        }
        #expect(bench.output(of: "ls -A") == "answer\nhome\nlog\nmirror.git")
    }
}
