package import JSON

/// The objects of one cluster as the management cluster answered them.
package struct SeenObjects: Sendable {
    /// The objects, in no order.
    package let all: [SeenObject]

    /// Those objects.
    package init(_ objects: [JSONObject]) {
        all = objects.map(SeenObject.init)
    }

    /// The object of that kind and name; the group where kinds of several are called alike.
    package func first(_ kind: String, _ name: String, group: String? = nil) -> SeenObject? {
        all.first { object in
            object.kind == kind && object.name == name && (group.map { $0 == object.group } ?? true)
        }
    }

    /// Every object of these kinds, sorted by name.
    package func every(_ kinds: String..., in group: String? = nil) -> [SeenObject] {
        all.filter { object in
            kinds.contains(object.kind) && (group.map { $0 == object.group } ?? true)
        }
        .sorted { $0.name < $1.name }
    }
}
