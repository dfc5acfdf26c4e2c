import Blueprints
import Domain
import Git
import JSON
import Rendering
import Storage
import Synchronization
import YAML

/// An offering as one version of its blueprint has it.
struct OfferingRelease: Sendable {
    let blueprint: BlueprintName
    let blueprintVersion: String
    let state: BlueprintVersion.State
    let commit: String
    let content: OfferingBlueprint
    /// The files of its folder.
    let files: [BlueprintFile]
    /// The kinds of everything that it may render.
    let kinds: Set<ManifestKind>

    var offering: Offering { content.offering }
}

/// The offerings of blueprint versions, read from their commits and kept: a commit never changes.
final class OfferingShelf: Sendable {
    /// Commits whose offerings are kept; beyond that all are forgotten.
    private static let countMax = 50
    /// The newest versions of a blueprint whose offerings are looked into.
    static let versionsMax = 20

    private let known = Mutex<[String: [OfferingRelease]]>([:])

    /// The offerings of a version of a blueprint; none where the version cannot be read, which the
    /// refresh of the blueprint tells.
    func releases(
        of version: BlueprintVersion,
        named blueprint: BlueprintName,
        _ git: APIGit
    ) async throws -> [OfferingRelease] {
        let key = "\(blueprint) \(version.commit)"
        if let found = known.withLock({ $0[key] }) {
            return found.map { $0.seen(as: version) }
        }
        guard let commit = ObjectID(version.commit),
            let folder = git.folder(.blueprints, blueprint.text)
        else { return [] }
        let found = try await git.service.open(folder) { (repository) throws(GitFault) in
            try Self.read(version, of: blueprint, in: repository, at: commit)
        }
        known.withLock { known in
            if known.count >= Self.countMax { known.removeAll() }
            known[key] = found
        }
        return found
    }

    /// Blocks.
    private static func read(
        _ version: BlueprintVersion,
        of blueprint: BlueprintName,
        in repository: borrowing Repository,
        at commit: ObjectID
    ) throws(GitFault) -> [OfferingRelease] {
        guard
            case .success(let manifest) = try BlueprintRendering.manifest(
                in: repository,
                at: commit
            ), !manifest.offeringFolders.isEmpty
        else { return [] }
        let snapshot = try repository.snapshot(of: commit) { manifest.isOffering($0.text) }
            .filter { manifest.isOffering($0.path.text) }
        let files = snapshot.map(BlueprintFile.init)
        // A version with a broken offering is defective, and says why itself.
        let offerings = (try? OfferingBlueprint.all(of: manifest, in: files)) ?? []
        return offerings.map { content in
            let own = files.filter { content.holds($0.path.text) }
            return OfferingRelease(
                blueprint: blueprint,
                blueprintVersion: version.version,
                state: version.state,
                commit: version.commit,
                content: content,
                files: own,
                kinds: kinds(in: own)
            )
        }
    }

    /// The kinds of the manifests, those behind a condition too.
    private static func kinds(in files: [BlueprintFile]) -> Set<ManifestKind> {
        var kinds: Set<ManifestKind> = []
        for file in files where Manifests.isManifest(file.path.text) {
            guard !file.path.text.hasSuffix("/\(OfferingBlueprint.fileName)") else { continue }
            // What is YAML only once it is filled in is looked up when it is applied.
            for document in (try? YAML.documents(file.content ?? [])) ?? [] {
                let version = document.value["apiVersion"]?.string ?? ""
                let kind = document.value["kind"]?.string ?? ""
                if let kind = ManifestKind("\(version)/\(kind)") { kinds.insert(kind) }
            }
        }
        return kinds
    }
}

extension OfferingRelease {
    /// The same, where another version names the commit or its state has changed.
    fileprivate func seen(as version: BlueprintVersion) -> OfferingRelease {
        OfferingRelease(
            blueprint: blueprint,
            blueprintVersion: version.version,
            state: version.state,
            commit: commit,
            content: content,
            files: files,
            kinds: kinds
        )
    }
}

/// Everything that one blueprint offers, over its versions.
struct OfferingRange: Sendable {
    /// The releases, those of the version that is looked at first, and else the newest first.
    let releases: [OfferingRelease]

    /// What the versions of a blueprint that can be used offer; `named` is looked at first.
    init(
        of blueprint: BlueprintName,
        startingAt named: String? = nil,
        _ services: APIServices
    ) async throws {
        let versions = services.storage.versions
        let page = try await versions.list(
            of: blueprint,
            limit: OfferingShelf.versionsMax,
            as: .system
        )
        var usable = page.items.filter { $0.state != .defective }
        let first: BlueprintVersion? =
            if let named {
                try await versions.find(named, of: blueprint, as: .system)
            } else {
                usable.first { $0.state == .default }
            }
        if let first {
            usable.removeAll { $0.version == first.version }
            usable.insert(first, at: 0)
        }
        var releases: [OfferingRelease] = []
        for version in usable {
            releases += try await services.ordering.shelf.releases(
                of: version,
                named: blueprint,
                services.git
            )
        }
        self.releases = releases
    }

    /// The names of everything that is offered, in their order.
    var names: [OfferingName] { Set(releases.map(\.offering.name)).sorted() }

    /// Each version of an offering once, as the first of the blueprint versions has it.
    func releases(of name: OfferingName) -> [OfferingRelease] {
        var seen: Set<String> = []
        return releases.filter {
            $0.offering.name == name && seen.insert($0.offering.version.description).inserted
        }
    }

    /// The offering at that version; without one as the version that is looked at first has it.
    func release(of name: OfferingName, _ version: SemanticVersion?) -> OfferingRelease? {
        let all = releases(of: name)
        guard let version else { return all.first }
        return all.first { $0.offering.version.description == version.description }
    }
}
