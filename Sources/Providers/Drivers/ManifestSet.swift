package import Contract
import Domain
package import JSON
import YAML

/// The objects of one cluster in the order in which they are applied, on their way to bytes.
package struct ManifestSet: Sendable {
    /// One object and what deleting it means.
    package struct Entry: Sendable {
        /// The object, as it is applied.
        package let object: JSON
        /// What deleting it means.
        package let part: Manifest.Part
    }

    /// The most characters of a file's name: file systems take 255.
    static let fileNameLengthMax = 200

    /// The objects in their order.
    package private(set) var entries: [Entry] = []

    /// A set without objects.
    package init() {}

    /// Adds an object at the end.
    package mutating func add(_ object: JSON, as part: Manifest.Part = .part) {
        entries.append(Entry(object: object, part: part))
    }

    /// Adds objects at the end, in their order.
    package mutating func add(_ objects: [JSON]) {
        for object in objects { add(object) }
    }

    /// The objects as they are delivered; the same objects give the same bytes.
    package var manifests: [Manifest] {
        var taken: Set<String> = []
        return entries.map { entry in
            let seen = SeenObject(entry.object.object ?? JSONObject())
            var name = Self.fileName(of: seen, qualified: false)
            if !taken.insert(name).inserted {
                name = Self.fileName(of: seen, qualified: true)
                taken.insert(name)
            }
            return Manifest(
                apiVersion: seen.apiVersion,
                kind: seen.kind,
                namespace: seen.namespace,
                name: seen.name,
                part: entry.part,
                fileName: name,
                bytes: YAML.text(entry.object)
            )
        }
    }

    /// The kind and the name; the group and the namespace as well where two objects share those.
    private static func fileName(of object: SeenObject, qualified: Bool) -> String {
        var whole = "\(object.kind.lowercased())-\(object.name)"
        if qualified {
            whole += "-\(ShortHash.hex(of: "\(object.group)/\(object.namespace ?? "")"))"
        }
        guard whole.utf8.count > fileNameLengthMax || whole.utf8.contains(UInt8(ascii: "/")) else {
            return whole + ".yaml"
        }
        let plain = whole.prefix(fileNameLengthMax - 9).map { $0 == "/" ? "-" : $0 }
        return "\(String(plain))-\(ShortHash.hex(of: whole)).yaml"
    }
}
