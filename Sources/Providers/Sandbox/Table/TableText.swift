import Domain
import JSON

/// Objects as the rows that `kubectl get` shows (`Table` of `meta.k8s.io/v1`).
struct TableText {
    private let columns: [TableColumn]
    private let now: Instant

    init(_ resource: SandboxResource, version: String, now: Instant) {
        columns = TableColumn.columns(of: resource, version: version)
        self.now = now
    }

    /// The table of objects; `rows` is `None`, `Metadata` (also for nil) or `Object`.
    func table(
        of objects: [SandboxObject],
        metadata: JSON,
        rows: String?,
        withColumns: Bool = true
    ) -> JSON {
        var table = JSONObject()
        table["kind"] = "Table"
        table["apiVersion"] = "meta.k8s.io/v1"
        table["metadata"] = metadata
        table["columnDefinitions"] = withColumns ? .array(columns.map(\.json)) : .null
        table["rows"] = .array(
            objects.map { object in
                var row = JSONObject()
                row["cells"] = .array(columns.map { $0.cell(object, now) })
                switch rows {
                case "None": break
                case "Object": row["object"] = .object(object.json)
                default: row["object"] = object.partial
                }
                return .object(row)
            }
        )
        return .object(table)
    }
}

/// One column: what it is called and where its cells come from.
struct TableColumn: Sendable {
    let name: String
    let type: String
    /// 0 is always shown, 1 with `-o wide`.
    let priority: Int
    /// A path such as `.status.phase`, or `@word` for what a path cannot say.
    let source: String

    var json: JSON {
        [
            "name": .string(name), "type": .string(type),
            "format": .string(name == "Name" ? "name" : ""), "description": .string(name),
            "priority": .integer(priority),
        ]
    }

    func cell(_ object: SandboxObject, _ now: Instant) -> JSON {
        if source.hasPrefix("@") { return TableCell(object, now).value(of: source) }
        let found = ValuePath(source).value(in: .object(object.json))
        switch (type, found) {
        case ("integer", .number?): return found ?? .null
        case ("integer", _): return 0
        case ("date", .string(let text)?): return .string(TableCell.age(since: text, now))
        case (_, .string(let text)?): return .string(text.isEmpty ? "" : text)
        case (_, nil), (_, .null?): return ""
        case (_, let value?): return .string(value.text)
        }
    }

    /// The columns of a kind.
    static func columns(of resource: SandboxResource, version: String) -> [TableColumn] {
        let name = TableColumn(name: "Name", type: "string", priority: 0, source: "@name")
        let age = TableColumn(name: "Age", type: "string", priority: 0, source: "@age")
        if let declared = resource.columns[version]?.array {
            let columns = declared.compactMap { column -> TableColumn? in
                guard let title = column["name"]?.string, let path = column["jsonPath"]?.string
                else { return nil }
                return TableColumn(
                    name: title,
                    type: column["type"]?.string ?? "string",
                    priority: column["priority"]?.int ?? 0,
                    source: path
                )
            }
            return [name] + columns
        }
        let key = resource.group.isEmpty ? resource.plural : resource.qualifiedName
        guard let columns = TableColumns.byKind[key] else { return [name, age] }
        return [name] + columns
    }
}
