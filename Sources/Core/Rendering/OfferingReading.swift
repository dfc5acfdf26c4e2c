package import Blueprints
package import Domain
package import Git

/// An offering of a blueprint at one commit, with its files.
package struct OfferingReading: Sendable {
    /// The offering.
    package let blueprint: OfferingBlueprint
    /// The files of its folder.
    package let files: [BlueprintFile]

    /// Reads what a repository holds at a commit.
    ///
    /// Blocks.
    package static func make(
        of name: OfferingName,
        in repository: borrowing Repository,
        at commit: ObjectID
    ) throws(GitFault) -> Result<OfferingReading, RenderFault> {
        let manifest: BlueprintManifest
        switch try BlueprintRendering.manifest(in: repository, at: commit) {
        case .success(let found): manifest = found
        case .failure(let fault): return .failure(fault)
        }
        let folders = manifest.offeringFolders.map { "\($0)/" }
        let files = try repository.snapshot(of: commit) { path in
            folders.contains(where: path.text.hasPrefix)
        }.filter { file in folders.contains(where: file.path.text.hasPrefix) }
            .map(BlueprintFile.init)
        do throws(RenderFault) {
            let all = try OfferingBlueprint.all(of: manifest, in: files)
            guard let found = all.first(where: { $0.offering.name == name }) else {
                return .failure(RenderFault(missing(name, amongst: all)))
            }
            let own = files.filter { found.holds($0.path.text) }
            return .success(OfferingReading(blueprint: found, files: own))
        } catch {
            return .failure(error)
        }
    }

    private static func missing(
        _ name: OfferingName,
        amongst all: [OfferingBlueprint]
    ) -> Finding {
        let names = all.map { "`\($0.offering.name)`" }.joined(separator: ", ")
        let there = names.isEmpty ? "it has none" : "it has \(names)"
        return Finding(
            .badManifest,
            file: BlueprintManifest.path,
            message: "has no offering `\(name)`; \(there)"
        )
    }
}
