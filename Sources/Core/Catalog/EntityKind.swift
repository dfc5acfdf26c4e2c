/// The rules of a well-known kind: what its `spec` holds, and what that says of other entities.
///
/// Source: Backstage, "Descriptor Format of Catalog Entities", and the schemas of its kinds.
struct EntityKind: Sendable {
    /// One member of `spec`.
    struct Member: Sendable {
        /// What the member holds.
        enum Shape: Sendable {
            case text
            case texts
            case object
            case objects
            case objectOrObjects
            case choice([String])
        }

        /// That the text, or each text, names another entity.
        struct Naming: Sendable {
            let pair: RelationPair
            /// The kind of what names none; nil where the kind must be named.
            let kind: String?
        }

        let name: String
        let shape: Shape
        let isRequired: Bool
        let naming: Naming?

        static func needed(_ name: String, _ shape: Shape = .text) -> Member {
            Member(name: name, shape: shape, isRequired: true, naming: nil)
        }

        static func optional(_ name: String, _ shape: Shape = .text) -> Member {
            Member(name: name, shape: shape, isRequired: false, naming: nil)
        }

        static func naming(
            _ name: String,
            _ kind: String?,
            _ pair: RelationPair,
            _ shape: Shape = .text,
            isRequired: Bool = false
        ) -> Member {
            let naming = Naming(pair: pair, kind: kind)
            return Member(name: name, shape: shape, isRequired: isRequired, naming: naming)
        }
    }

    let name: String
    /// The API groups in which the kind is this one.
    let group: String
    let members: [Member]

    /// The kind of that name in the group of `apiVersion`; nil for any other, which is taken as it
    /// is.
    static func known(_ name: String, apiVersion: String) -> EntityKind? {
        let group = apiVersion.split(separator: "/").first.map(String.init)
        return all.first { $0.name == name && $0.group == group }
    }

    private static let owner = Member.naming("owner", "group", .ownedBy, isRequired: true)
    private static let system = Member.naming("system", "system", .partOf)
    private static let dependsOn = Member.naming("dependsOn", nil, .dependsOn, .texts)
    private static let dependencyOf =
        Member.naming("dependencyOf", nil, .dependsOn.reversed, .texts)

    private static func backstage(_ name: String, _ members: [Member]) -> EntityKind {
        EntityKind(name: name, group: "backstage.io", members: members)
    }

    static let all = [
        backstage(
            "Component",
            [
                .needed("type"), .needed("lifecycle"), owner, system,
                .naming("subcomponentOf", "component", .partOf),
                .naming("providesApis", "api", .providesApi, .texts),
                .naming("consumesApis", "api", .consumesApi, .texts),
                dependsOn, dependencyOf,
            ]
        ),
        backstage(
            "API",
            [.needed("type"), .needed("lifecycle"), owner, .needed("definition"), system]
        ),
        backstage("Resource", [.needed("type"), owner, system, dependsOn, dependencyOf]),
        backstage("System", [owner, .naming("domain", "domain", .partOf), .optional("type")]),
        backstage(
            "Domain",
            [owner, .naming("subdomainOf", "domain", .partOf), .optional("type")]
        ),
        backstage(
            "Group",
            [
                .needed("type"),
                .naming("children", "group", .childOf.reversed, .texts, isRequired: true),
                .naming("parent", "group", .childOf),
                .naming("members", "user", .memberOf.reversed, .texts),
                .optional("profile", .object),
            ]
        ),
        backstage(
            "User",
            [
                .naming("memberOf", "group", .memberOf, .texts, isRequired: true),
                .optional("profile", .object),
            ]
        ),
        EntityKind(
            name: "Location",
            group: "backstage.io",
            members: [
                .optional("type"), .optional("target"), .optional("targets", .texts),
                .optional("presence", .choice(["required", "optional"])),
            ]
        ),
        EntityKind(
            name: "Template",
            group: "scaffolder.backstage.io",
            members: [
                .needed("type"), .needed("steps", .objects),
                .optional("parameters", .objectOrObjects), .optional("lifecycle"),
                .naming("owner", "group", .ownedBy),
            ]
        ),
    ]
}
