import JSON

/// What one cluster may read of the installation's repositories.
///
/// The management cluster reads all of them. A tenant's cluster reads only what Slipway has
/// connected it to: whoever administers it could name the repository of another tenant.
struct RepositoryReading {
    let repositories: any SandboxRepositories
    let scene: Scene

    /// Whether that repository may be read from here.
    func allows(_ url: String) async throws(SandboxStatus) -> Bool {
        let name = scene.cluster.name
        guard name != SandboxServer.management else { return true }
        let path = RepositoryText.path(ofURL: url)
        let management = scene.other(SandboxServer.management)
        let connection = SandboxKey(.gitRepository, "t-\(name)", "platform")
        if let url = try await management.get(connection)?.spec["url"]?.string,
            RepositoryText.path(ofURL: url) == path
        {
            return true
        }
        for application in try await management.list(.application)
        where application.spec["destination"]?["name"]?.string == name {
            let url = application.spec["source"]?["repoURL"]?.string ?? ""
            if RepositoryText.path(ofURL: url) == path { return true }
        }
        return false
    }
}
