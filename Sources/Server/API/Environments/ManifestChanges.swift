import Blueprints
import JSON
import YAML

/// What would change of delivered objects, as far as that can be said now.
enum ManifestOutlook {
    case none
    case changes(ManifestChanges, since: String?)
    /// It cannot be said now; why.
    case unknown(String)

    /// Writes the changes, or why nobody can say; `null` where there are none to be made.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.null()
        case .changes(let changes, let commit): changes.write(to: &writer, since: commit)
        case .unknown(let reason):
            writer.object { writer in
                writer.member("unknown", reason)
            }
        }
    }
}

/// What a delivery would change of the objects of an environment or a service.
struct ManifestChanges {
    /// The most changes that are listed.
    static let countMax = 200
    /// Bytes of all differences together.
    static let bytesMax = 128 << 10
    /// Bytes of one difference.
    static let differenceBytesMax = 16 << 10

    /// One object or file that is not as it was.
    struct Change {
        enum Action: String {
            case added, changed, removed
        }

        let action: Action
        /// `Kind/name`, or the path of a file that holds no objects.
        let object: String
        /// The difference in the form of `diff -u`; nil where none is shown.
        let difference: UnifiedDiff?
    }

    private(set) var changes: [Change] = []
    /// Whether there are more changes, or longer ones.
    private(set) var isCut = false
    private var bytesLeft = bytesMax

    /// What leads from the files before to those after.
    init(from before: [String: [UInt8]], to after: [String: [UInt8]]) {
        compare(Self.objects(before), Self.objects(after)) { $0.text < $1.text }
        let others = [before, after].map { files in
            files.filter { !Manifests.isManifest($0.key) }
        }
        for path in Set(others[0].keys).union(others[1].keys).sorted() {
            let (old, new) = (others[0][path], others[1][path])
            // A file may be what a Secret is generated from.
            if old != new { add(Self.action(old == nil, new == nil), path, nil) }
        }
    }

    /// What tells one object from all others.
    private struct Key: Hashable {
        let kind: String
        let apiVersion: String
        let namespace: String
        let name: String
        /// Which one of those of that name, where there are several.
        let turn: Int

        var text: String { "\(kind)/\(name)" + (namespace.isEmpty ? "" : " in \(namespace)") }
    }

    private static func objects(_ files: [String: [UInt8]]) -> [Key: JSON] {
        var objects: [Key: JSON] = [:]
        for object in Manifests.objects(in: files) {
            var turn = 0
            func key() -> Key {
                Key(
                    kind: object["kind"]?.string ?? "",
                    apiVersion: object["apiVersion"]?.string ?? "",
                    namespace: object["metadata"]?["namespace"]?.string ?? "",
                    name: object["metadata"]?["name"]?.string ?? "",
                    turn: turn
                )
            }
            while objects[key()] != nil { turn += 1 }
            objects[key()] = object
        }
        return objects
    }

    private mutating func compare(
        _ before: [Key: JSON],
        _ after: [Key: JSON],
        by order: (Key, Key) -> Bool
    ) {
        for key in Set(before.keys).union(after.keys).sorted(by: order) {
            let (old, new) = (before[key], after[key])
            guard old != new else { continue }
            let difference = UnifiedDiff(
                from: old.map { YAML.text($0.hiding(insteadOf: nil)) } ?? [],
                to: new.map { YAML.text($0.hiding(insteadOf: old)) } ?? [],
                path: old == nil ? nil : key.text,
                newPath: new == nil ? nil : key.text,
                bytesMax: min(bytesLeft, Self.differenceBytesMax)
            )
            add(Self.action(old == nil, new == nil), key.text, bytesLeft > 0 ? difference : nil)
        }
    }

    private static func action(_ isNew: Bool, _ isGone: Bool) -> Change.Action {
        isNew ? .added : isGone ? .removed : .changed
    }

    private mutating func add(
        _ action: Change.Action,
        _ object: String,
        _ difference: UnifiedDiff?
    ) {
        guard changes.count < Self.countMax else {
            isCut = true
            return
        }
        isCut = isCut || difference?.isTruncated ?? false
        bytesLeft -= difference?.text.utf8.count ?? 0
        changes.append(Change(action: action, object: object, difference: difference))
    }

    func write(to writer: inout JSONWriter, since commit: String?) {
        writer.object { writer in
            writer.member("base", orNull: commit)
            writer.key("changes")
            writer.array(changes) { writer, change in
                writer.object { writer in
                    writer.member("action", change.action.rawValue)
                    writer.member("object", change.object)
                    writer.member("diff", orNull: change.difference?.text)
                }
            }
            writer.member("truncated", isCut)
        }
    }
}
