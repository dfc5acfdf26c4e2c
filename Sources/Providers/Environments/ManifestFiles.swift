import Contract
import Domain
import JSON
import YAML

/// The files of an environment as the manifests that they hold.
struct ManifestFiles: Sendable {
    private static let layouts = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private var entries: [(file: RenderedRelease.File, documents: [JSON])]

    /// Reads every file of manifests.
    ///
    /// - Throws: `.refused` for a Kustomize layout, which renames what it lists, and for what
    ///   cannot be read.
    init(_ files: [RenderedRelease.File]) throws(ProviderFault) {
        entries = []
        for file in files {
            let name = file.path.text.split(separator: "/").last.map(String.init) ?? ""
            guard !Self.layouts.contains(name) else {
                throw .refused(
                    reason: "traffic is split between plain manifests only, and the template is "
                        + "a Kustomize layout; roll out with the strategy rolling"
                )
            }
            let isManifest = [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
            do throws(YAMLFault) {
                let documents = isManifest ? try YAML.documents(file.bytes).map(\.value) : []
                entries.append((file, documents))
            } catch {
                throw .refused(reason: "\(file.path): \(error)")
            }
        }
    }

    /// The objects, in the order of the files.
    var documents: [JSON] { entries.flatMap(\.documents) }

    /// The object of that kind and name.
    func document(_ kind: String, _ name: String) -> JSON? {
        documents.first { $0.isObject(kind, name) }
    }

    /// The files with one object changed, or left out where `change` answers nil.
    func replacing(
        _ kind: String,
        _ name: String,
        _ change: (JSON) throws(ProviderFault) -> JSON?
    ) throws(ProviderFault) -> [RenderedRelease.File] {
        var files: [RenderedRelease.File] = []
        for (file, documents) in entries {
            guard documents.contains(where: { $0.isObject(kind, name) }) else {
                files.append(file)
                continue
            }
            var changed: [JSON] = []
            for document in documents {
                if !document.isObject(kind, name) {
                    changed.append(document)
                } else if let document = try change(document) {
                    changed.append(document)
                }
            }
            guard !changed.isEmpty else { continue }
            var file = file
            file.bytes = YAML.text(changed)
            files.append(file)
        }
        return files
    }
}

extension JSON {
    fileprivate func isObject(_ kind: String, _ name: String) -> Bool {
        self["kind"]?.string == kind && self["metadata"]?["name"]?.string == name
    }
}
