package import Domain
import Git

extension GitOps {
    /// Removes the mirrors of blueprints that are gone; returns whose they were.
    ///
    /// A mirror is a copy, which a refresh makes again.
    package func removeMirrors(
        unless isThere: (BlueprintName) async throws -> Bool
    ) async throws -> [BlueprintName] {
        var removed: [BlueprintName] = []
        for name in try await git.names(in: layout.mirrors) {
            // What is no name is no mirror.
            guard let name = try? BlueprintName(parsing: name), try await !isThere(name) else {
                continue
            }
            try await git.remove(at: layout.mirror(of: name))
            removed.append(name)
        }
        return removed
    }
}
