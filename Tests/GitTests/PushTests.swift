import Testing

@testable import Git

@Suite struct PushTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
        _ = try bench.blueprint()
        var limits = GitLimits()
        limits.referencesMax = 4
        _ = try GitBackend(home: bench.path("home"), limits: limits)
        bench.shell("git clone -q blueprint.git copy")
        bench.shell("cd copy && git config user.name A && git config user.email a@b")
    }

    /// Pushes as the backend's child sees it: with the configuration of ours and the lock open.
    private func push(_ arguments: String, as who: String = ":") -> Bool {
        bench.shell(
            """
            exec 9>>blueprint.git/slipway.lock; cd copy && \(who) && \
            export GIT_CONFIG_GLOBAL='\(bench.path("home"))/gitconfig' && \
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

    @Test func `who is kept from the default branch is told, and pushes others`() {
        bench.shell("cd copy && echo 1 > f && git add f && git commit -qm 1")
        #expect(!push("main", as: "export SLIPWAY_GUARDED=1"))
        #expect(bench.text(of: bench.path("log")).contains("The default branch is protected"))
        #expect(push("main:feature", as: "export SLIPWAY_GUARDED=1"))
        #expect(push("main"))
    }

    @Test func `other branches and tags are free`() {
        #expect(push("main:feature"))
        bench.shell("cd copy && git commit -q --allow-empty --amend -m 2")
        #expect(push("--force HEAD:feature"))
        #expect(push("--delete feature"))
        #expect(push("HEAD:refs/tags/x"))
    }

    @Test func `what a killed push left does not stop the next one`() {
        bench.shell("cd blueprint.git && touch refs/heads/feature.lock packed-refs.lock HEAD.lock")
        #expect(push("main:feature"))
        #expect(bench.output(of: "find blueprint.git/refs -name '*.lock'") == "")
    }

    @Test func `a push waits for whoever changes the repository`() throws {
        let held = try RepositoryLock.take(of: bench.path("blueprint.git"))
        bench.shell("sed -i 's/flock -w 20/flock -w 0/' home/hooks/pre-receive")
        #expect(!push("main:feature"))
        #expect(bench.text(of: bench.path("log")).contains("push again"))
        held.release()
        #expect(push("main:feature"))
    }

    @Test func `branches and tags are limited in number and length`() {
        #expect(push("main:a main:b"))
        #expect(!push("main:c"))
        #expect(push("--delete a"))
        #expect(push("main:c"))
        #expect(push("--delete c"))
        let long = [String](repeating: "0123456789", count: 25).joined(separator: "/")
        #expect(!push("main:\(long)"))
        #expect(bench.text(of: bench.path("log")).contains("at most 4 branches and tags"))
        #expect(bench.text(of: bench.path("log")).contains("at most 250 bytes"))
    }

    @Test func `the hooks stay as they are while pushes run them`() throws {
        let state = "stat -c '%i %y' home/hooks/* home/gitconfig"
        let before = bench.output(of: state)
        var limits = GitLimits()
        limits.referencesMax = 4
        _ = try GitBackend(home: bench.path("home"), limits: limits)
        #expect(bench.output(of: state) == before)
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
