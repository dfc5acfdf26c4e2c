import Testing

@testable import Git

@Suite struct PushTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
        _ = try bench.blueprint()
        _ = try GitBackend(home: bench.path("home"))
        bench.shell("git clone -q blueprint.git copy")
        bench.shell("cd copy && git config user.name A && git config user.email a@b")
    }

    /// Pushes as the backend's child sees it: with the configuration of ours.
    private func push(_ arguments: String) -> Bool {
        bench.shell(
            """
            cd copy && export GIT_CONFIG_GLOBAL='\(bench.path("home"))/gitconfig' && \
            git push -q origin \(arguments)
            """
        )
    }

    @Test func `the default branch only moves forward`() {
        bench.shell("cd copy && echo 1 > f && git add f && git commit -qm 1")
        #expect(push("main"))
        bench.shell("cd copy && git commit -q --amend -m 2")
        #expect(!push("--force main"))
        #expect(!push("--delete main"))
        #expect(bench.text(of: bench.path("log")).contains("only moves forward"))
    }

    @Test func `other branches and tags are free`() {
        #expect(push("main:feature"))
        bench.shell("cd copy && git commit -q --allow-empty --amend -m 2")
        #expect(push("--force HEAD:feature"))
        #expect(push("--delete feature"))
        #expect(push("HEAD:refs/tags/x"))
    }

    @Test func `a repository's own hooks are not run`() {
        bench.shell(
            """
            mkdir -p blueprint.git/hooks && \
            for h in update pre-receive post-receive; do \
            printf '#!/bin/sh\\ntouch \(bench.path("ran"))\\nexit 1\\n' > blueprint.git/hooks/$h; \
            chmod +x blueprint.git/hooks/$h; done
            """
        )
        #expect(push("main:feature"))
        #expect(bench.output(of: "ls | grep -c ran || true") == "0")
    }

    @Test func `a tree that harms others is not taken`() {
        bench.shell(
            """
            cd copy && blob=$(echo x | git hash-object -w --stdin) && \
            tree=$(printf '100644 blob %s\\t.GIT\\n' $blob | git mktree) && \
            git update-ref refs/heads/bad $(git commit-tree -m bad $tree)
            """
        )
        #expect(!push("bad"))
    }
}
