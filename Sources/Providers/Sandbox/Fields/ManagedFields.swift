import Domain
import JSON

/// Who set which fields of an object: its `metadata.managedFields`.
struct ManagedFields: Sendable, Equatable {
    /// Who writes, and how.
    struct Writer: Sendable, Hashable {
        var manager: String
        /// Whether by server-side apply; otherwise by any other change.
        var isApply: Bool
        var apiVersion: String
        var subresource: String?

        /// Appliers are one whatever version they apply.
        func isSame(as other: Writer) -> Bool {
            manager == other.manager && isApply == other.isApply
                && subresource == other.subresource
                && (isApply || apiVersion == other.apiVersion)
        }
    }

    /// One writer's fields.
    struct Entry: Sendable, Equatable {
        var writer: Writer
        var time: String
        var fields: FieldTree
    }

    /// The writers; none without fields.
    private(set) var entries: [Entry] = []

    init(_ json: JSON?) {
        for entry in json?.array?.compactMap(\.object) ?? [] {
            let writer = Writer(
                manager: entry["manager"]?.string ?? "",
                isApply: entry["operation"]?.string == "Apply",
                apiVersion: entry["apiVersion"]?.string ?? "",
                subresource: entry["subresource"]?.string
            )
            let fields = FieldTree(entry["fieldsV1"] ?? .null)
            entries.append(
                Entry(writer: writer, time: entry["time"]?.string ?? "", fields: fields)
            )
        }
    }

    /// Of a new object: one writer's fields.
    init(_ fields: FieldTree, of writer: Writer, at time: Instant) {
        record(fields, of: writer, at: time)
    }

    /// As the metadata has it; nil for nobody.
    var json: JSON? {
        guard !entries.isEmpty else { return nil }
        return .array(
            entries.map { entry in
                var object: JSONObject = [
                    "manager": .string(entry.writer.manager),
                    "operation": entry.writer.isApply ? "Apply" : "Update",
                    "apiVersion": .string(entry.writer.apiVersion), "time": .string(entry.time),
                    "fieldsType": "FieldsV1", "fieldsV1": entry.fields.json,
                ]
                object["subresource"] = entry.writer.subresource.map { .string($0) }
                return .object(object)
            }
        )
    }

    /// What the writer has set.
    func fields(of writer: Writer) -> FieldTree {
        entries.first { $0.writer.isSame(as: writer) }?.fields ?? FieldTree()
    }

    /// What all the others have set.
    func fields(ofOthersThan writer: Writer) -> FieldTree {
        entries.reduce(FieldTree()) { all, entry in
            entry.writer.isSame(as: writer) ? all : all.union(entry.fields)
        }
    }

    /// The others who have set one of those fields, each with which.
    func conflicts(of writer: Writer, over changed: FieldTree) -> [(Writer, FieldTree)] {
        entries.compactMap { entry in
            guard !entry.writer.isSame(as: writer) else { return nil }
            let both = entry.fields.intersection(changed)
            return both.isEmpty ? nil : (entry.writer, both)
        }
    }

    /// The writer's fields are those now; the others lose what it took.
    mutating func record(
        _ fields: FieldTree,
        of writer: Writer,
        taking lost: FieldTree = FieldTree(),
        at time: Instant
    ) {
        for place in entries.indices where !entries[place].writer.isSame(as: writer) {
            entries[place].fields = entries[place].fields.subtracting(lost)
        }
        if let place = entries.firstIndex(where: { $0.writer.isSame(as: writer) }) {
            if entries[place].fields != fields || entries[place].writer != writer {
                entries[place] = Entry(writer: writer, time: time.kubernetesText, fields: fields)
            }
        } else {
            entries.append(Entry(writer: writer, time: time.kubernetesText, fields: fields))
        }
        entries.removeAll { $0.fields.isEmpty }
        entries.sort { left, right in
            if left.writer.isApply != right.writer.isApply { return left.writer.isApply }
            return (left.time, left.writer.manager) < (right.time, right.writer.manager)
        }
    }
}
