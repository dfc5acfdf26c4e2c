import Clusters
import Domain
import JSON
import Secrets
import TestSupport
import Testing

@testable import Forges
@testable import slipway

/// With what clusters read a repository on a forge.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostedReaderTests {
    @Test(arguments: ForgeKind.allCases)
    func `a cluster gets one credential, which reads and nothing else`(
        kind: ForgeKind
    ) async throws {
        try await HostedTrial.run(kind) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            let tenant = try await trial.tenant()
            let cluster = try trial.slug()
            let first = try await trial.hosts.reader(of: cluster, for: tenant)
            let second = try await trial.hosts.reader(of: cluster, for: tenant)
            #expect(first.id == second.id)
            #expect(first.secret.revealedText() == second.secret.revealedText())
            #expect(trial.forge.repositories[0].readers.count == 1)
            #expect(try await trial.hosts.isGood(first.id, of: cluster, for: tenant))
            let stored = try trial.database.run("SELECT credential FROM forge_reader")[0][0]
            #expect(stored?.contains(first.secret.revealedText().prefix(40)) == false)
            let url = try #require(tenant.repository?.readURL)
            if kind == .gitlab {
                #expect(first.knownHosts == nil)
                #expect(first.username.hasPrefix("gitlab+deploy-token-"))
                let password = first.secret.revealedText()
                let place = url.replacing("://", with: "://token:\(password)@")
                #expect(trial.shell.run("git clone -q '\(place)' read && cd read && touch x"))
                #expect(!trial.shell.run("cd read && git push -q origin HEAD:refs/heads/other"))
            } else {
                #expect(first.knownHosts?.hasPrefix("[127.0.0.1]:2222 ssh-ed25519 ") == true)
                #expect(url == "ssh://git@127.0.0.1:2222/acme-platform/acme.git")
                let key = first.secret.revealedText()
                let shown = trial.forge.repositories[0].readers.values.first?.secret ?? ""
                #expect(shown.hasPrefix(trial.publicKey(of: key) + " "))
            }
        }
    }

    @Test(arguments: ForgeKind.allCases)
    func `a credential that the forge has no longer is made anew, and all go in the end`(
        kind: ForgeKind
    ) async throws {
        try await HostedTrial.run(kind) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            let tenant = try await trial.tenant()
            let cluster = try trial.slug()
            let first = try await trial.hosts.reader(of: cluster, for: tenant)
            trial.forge.change { $0.readers = [:] }
            #expect(try await !trial.hosts.isGood(first.id, of: cluster, for: tenant))
            let second = try await trial.hosts.reader(of: cluster, for: tenant)
            #expect(first.id != second.id)
            // Made, and the process ended before that was written down.
            try trial.database.run("DELETE FROM forge_reader")
            let third = try await trial.hosts.reader(of: cluster, for: tenant)
            #expect(trial.forge.repositories[0].readers.count == 1)
            #expect(try await trial.hosts.isGood(third.id, of: cluster, for: tenant))
            for _ in 0..<2 { try await trial.hosts.removeReaders(of: cluster, for: tenant) }
            #expect(trial.forge.repositories[0].readers.isEmpty)
            #expect(try trial.database.run("SELECT 1 FROM forge_reader").isEmpty)
        }
    }
}

extension HostedTrial {
    fileprivate func slug() throws -> ClusterSlug {
        ClusterSlug(
            tenant: try TenantName(parsing: "acme"),
            cluster: try ClusterName(parsing: "main")
        )
    }

    /// The public half of a private key, as ssh-keygen tells it.
    fileprivate func publicKey(of key: String) -> String {
        shell.run("umask 077 && printf '%s' '\(key)' >key")
        return shell.output(of: "ssh-keygen -y -f key").split(separator: " ").prefix(2)
            .joined(separator: " ")
    }
}
