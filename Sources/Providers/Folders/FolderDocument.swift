package import Contract
import Domain
package import JSON
package import Kubernetes
import YAML

/// One object as a file of a folder has it.
package struct FolderDocument: Sendable {
    private static let layouts = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    /// The object.
    package let json: JSONObject
    /// The file that holds it.
    package let path: String
    /// Its kind.
    package let kind: GroupKind
    /// Its name.
    package let name: String

    /// The version of its kind in which it is written.
    package var version: String {
        GroupKind.split(apiVersion: json["apiVersion"]?.string ?? "").version
    }

    /// The namespace that it names; nil where it names none.
    package var namespace: String? { json["metadata"]?["namespace"]?.string }

    /// The objects of the files, in their order; what a `List` holds stands for itself.
    ///
    /// - Throws: `.refused` for what is no object, and for a layout that only engines build.
    package static func all(
        in files: [RenderedRelease.File]
    ) throws(ProviderFault) -> [FolderDocument] {
        var documents: [FolderDocument] = []
        for file in files {
            let path = file.path.text
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard !layouts.contains(name) else {
                throw .refused(
                    reason: "\(path): only Flux or Argo CD build such a layout, and here Slipway "
                        + "applies or looks at the files by itself"
                )
            }
            guard [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) else { continue }
            documents += try all(in: file.bytes, path)
        }
        return documents
    }

    private static func all(
        in bytes: [UInt8],
        _ path: String
    ) throws(ProviderFault) -> [FolderDocument] {
        let manifests: [YAMLManifest]
        do throws(YAMLFault) {
            manifests = try YAML.documents(bytes)
        } catch {
            throw .refused(reason: "\(path): \(error)")
        }
        var documents: [FolderDocument] = []
        for manifest in manifests {
            guard let object = manifest.value.object else {
                throw .refused(reason: "\(path), line \(manifest.line): this is no object")
            }
            let items = object["kind"]?.string == "List" ? object["items"]?.array : nil
            for part in items?.compactMap(\.object) ?? [object] {
                documents.append(try FolderDocument(part, path))
            }
        }
        return documents
    }

    private init(_ json: JSONObject, _ path: String) throws(ProviderFault) {
        let group = GroupKind.split(apiVersion: json["apiVersion"]?.string ?? "").group
        let kind = GroupKind(group: group, kind: json["kind"]?.string ?? "")
        guard let name = json["metadata"]?["name"]?.string, !name.isEmpty, !kind.kind.isEmpty else {
            throw .refused(reason: "\(path): an object without kind or name")
        }
        self.json = json
        self.path = path
        self.kind = kind
        self.name = name
    }
}
