import JSON
import YAML

/// The objects in the files of an environment, without what is secret.
struct Manifests {
    private static let extensions = [".yaml", ".yml", ".json"]

    let files: [String]
    let items: [JSON]

    init(_ files: [String: [UInt8]]) {
        let names = files.keys.sorted()
        self.files = names
        items = Self.objects(in: files).map { $0.hiding(insteadOf: nil) }
    }

    /// The objects in the order of their files, with what is secret.
    static func objects(in files: [String: [UInt8]]) -> [JSON] {
        files.keys.sorted().filter(isManifest)
            .flatMap { name in
                // What is no manifest, such as a patch with its own format, is only listed.
                (try? YAML.documents(files[name] ?? [])) ?? []
            }
            .map(\.value)
            .filter { $0["kind"]?.string != nil && $0["apiVersion"]?.string != nil }
    }

    /// Whether a file holds objects, by its name.
    static func isManifest(_ name: String) -> Bool {
        extensions.contains(where: name.hasSuffix)
    }

    func yaml(of commit: String) -> [UInt8] {
        Array("# Commit \(commit)\n".utf8) + YAML.text(items)
    }

    func json(of commit: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 8_192)
        writer.object { writer in
            writer.member("commit", commit)
            writer.key("items")
            writer.array(items) { $0.value($1) }
            writer.key("files")
            writer.array(files) { $0.string($1) }
        }
        return writer.finish()
    }
}

extension JSON {
    /// The object without what is secret: Secrets keep the names of their values alone, also within
    /// lists; what Secrets are generated from is not shown at all.
    ///
    /// What is not as it was in `before` says so.
    func hiding(insteadOf before: JSON?) -> JSON {
        guard var object else { return self }
        func hidden(_ value: JSON, _ old: JSON?) -> JSON {
            before == nil || value == old ? "(hidden)" : "(hidden, and other than before)"
        }
        if let items = object["items"]?.array {
            let old = before?["items"]?.array
            object["items"] = .array(
                items.enumerated().map { index, item in
                    item.hiding(insteadOf: index < old?.count ?? 0 ? old?[index] : nil)
                }
            )
        }
        if let generator = object["secretGenerator"] {
            object["secretGenerator"] = hidden(generator, before?["secretGenerator"])
        }
        guard self["kind"]?.string == "Secret" else { return .object(object) }
        for member in ["data", "stringData"] {
            guard var values = object[member]?.object else { continue }
            values.changeValues { name, value in hidden(value, before?[member]?[name]) }
            object[member] = .object(values)
        }
        return .object(object)
    }
}
