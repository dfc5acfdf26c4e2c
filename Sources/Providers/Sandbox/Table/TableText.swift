import Domain
import JSON

/// Objects as the rows that `kubectl get` shows (`Table` of `meta.k8s.io/v1`).
struct TableText {
    private let columns: [TableColumn]
    private let now: Instant

    /// What a row has of its object: `None`, `Metadata` (also for nil) or `Object`.
    private let part: String?

    init(_ target: APITarget) {
        columns = TableColumn.columns(of: target.resource, version: target.place.version)
        now = target.call.cluster.now
        part = target.call.query["includeObject"]
    }

    /// The table of objects.
    func table(of objects: [SandboxObject], metadata: JSON, withColumns: Bool = true) -> JSON {
        let rows: [JSON] = objects.map { object in
            let cells = JSON.array(columns.map { $0.cell(object, now) })
            return switch part {
            case "None": ["cells": cells]
            case "Object": ["cells": cells, "object": .object(object.json)]
            default: ["cells": cells, "object": object.partial]
            }
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": withColumns ? .array(columns.map(\.json)) : .null,
            "rows": .array(rows),
        ]
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
        case (_, nil), (_, .null?): return ""
        case (_, let value?): return .string(value.string ?? value.text)
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
