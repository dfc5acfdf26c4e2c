import JSON
import Testing

@testable import Catalog

@Suite struct EntityTests {
    static let component: JSON = [
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": [
            "name": "Shop", "namespace": "acme", "title": "The shop",
            "labels": ["tier": "1"],
            "annotations": ["backstage.io/techdocs-ref": "dir:."],
            "tags": ["java", "c++", "a:b"],
            "links": [["url": "https://shop.example.com", "title": "Shop"]],
        ],
        "spec": [
            "type": "service", "lifecycle": "production", "owner": "team-a",
            "system": "sales", "providesApis": ["orders"],
            "dependsOn": ["resource:orders-db", "component:other/Billing"],
        ],
    ]

    /// The component with the value at a place changed; nil removes the member.
    static func changed(_ path: [String], to value: JSON?) -> JSON {
        func change(_ node: JSON, _ path: ArraySlice<String>) -> JSON {
            guard let first = path.first else { return value ?? .null }
            var object = node.object ?? JSONObject()
            object[first] =
                path.count == 1 ? value : change(object[first] ?? .null, path.dropFirst())
            return .object(object)
        }
        return change(component, path[...])
    }

    static func faults(_ value: JSON) -> [String] {
        do throws(EntityFaults) {
            _ = try Entity(parsing: value)
            return []
        } catch {
            return error.entries.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test func `a descriptor is kept as it was written and named in lower case`() throws {
        let entity = try Entity(parsing: Self.component)
        #expect(entity.reference.description == "component:acme/shop")
        #expect(entity.name == "Shop" && entity.title == "The shop")
        #expect(JSON.object(entity.document).text == Self.component.text)
    }

    @Test func `relations follow from the spec, both ways`() throws {
        let entity = try Entity(parsing: Self.component)
        let texts = Set(entity.relations.map { "\($0.source) \($0.type) \($0.target)" })
        #expect(texts.count == 10)
        #expect(texts.contains("component:acme/shop ownedBy group:acme/team-a"))
        #expect(texts.contains("group:acme/team-a ownerOf component:acme/shop"))
        #expect(texts.contains("component:acme/shop partOf system:acme/sales"))
        #expect(texts.contains("api:acme/orders apiProvidedBy component:acme/shop"))
        #expect(texts.contains("component:acme/shop dependsOn resource:acme/orders-db"))
        #expect(texts.contains("component:other/billing dependencyOf component:acme/shop"))
    }

    @Test func `what only Slipway says is passed over`() throws {
        var sent = Self.component.object ?? JSONObject()
        sent["relations"] = [["type": "ownedBy", "targetRef": "user:default/me"]]
        sent["status"] = ["items": []]
        var metadata = sent["metadata"]?.object ?? JSONObject()
        metadata["uid"] = "x"
        metadata["etag"] = "y"
        var annotations = metadata["annotations"]?.object ?? JSONObject()
        annotations["backstage.io/managed-by-location"] = "url:https://elsewhere"
        metadata["annotations"] = .object(annotations)
        sent["metadata"] = .object(metadata)
        let entity = try Entity(parsing: .object(sent))
        #expect(JSON.object(entity.document) == Self.component)
    }

    @Test func `all that is wrong is told at once, each with its place`() {
        let broken: JSON = [
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "speck": [:],
            "metadata": [
                "name": "-shop", "namespace": "Acme", "labels": ["a/b/c": "x", "tier": "!"],
                "annotations": ["on": true, "slipway.dev/other": "globex"],
                "tags": ["Java"], "links": [["title": ""]],
            ],
            "spec": ["type": "", "owner": "user:", "dependsOn": ["db"], "system": 7],
        ]
        #expect(
            Self.faults(broken) == [
                "/speck unknown-member", "/metadata/name invalid-value",
                "/metadata/namespace invalid-value", "/metadata/labels/a~1b~1c invalid-key",
                "/metadata/labels/tier invalid-value", "/metadata/annotations/on wrong-type",
                "/metadata/annotations/slipway.dev~1other reserved",
                "/metadata/tags/0 invalid-value", "/metadata/links/0/url missing",
                "/metadata/links/0/title wrong-type", "/spec/type empty",
                "/spec/lifecycle missing", "/spec/owner invalid-reference",
                "/spec/system wrong-type", "/spec/dependsOn/0 invalid-reference",
            ]
        )
    }

    @Test(arguments: [
        ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["spec"],
        ["spec", "type"], ["spec", "lifecycle"], ["spec", "owner"],
    ])
    func `a component without a member that it needs is refused`(path: [String]) {
        #expect(
            Self.faults(Self.changed(path, to: nil)) == ["\(JSONPointer(path)) missing"]
        )
    }

    @Test(arguments: [
        ("v1", true), ("my-company.net/v1", true), ("backstage.io/v1-1", false), ("", false),
        ("a/b/c", false), ("Back.io/v1", false), ("backstage..io/v1", false),
    ])
    func `an apiVersion is a version, maybe of a DNS name`(text: String, isRight: Bool) {
        #expect(EntitySyntax.isAPIVersion(text) == isRight)
    }

    @Test(arguments: [
        ("a", true), ("A_b.c-d", true), ("a-", false), (".a", false), ("", false),
        ("ü", false), (String(repeating: "a", count: 63), true),
        (String(repeating: "a", count: 64), false),
    ])
    func `a name starts and ends with a letter or digit`(text: String, isRight: Bool) {
        #expect(EntitySyntax.isName(text) == isRight)
    }

    @Test func `an unknown kind is taken with any spec`() throws {
        let own: JSON = [
            "apiVersion": "acme.example/v1", "kind": "Robot", "metadata": ["name": "r2"],
            "spec": ["owner": 7],
        ]
        let entity = try Entity(parsing: own)
        #expect(entity.reference.description == "robot:default/r2")
        #expect(entity.relations.isEmpty)
    }

    @Test func `contents of other files are not asked for`() {
        let sent = Self.changed(
            ["spec", "definition"],
            to: ["$text": "http://169.254.169.254/latest/meta-data"]
        )
        #expect(Self.faults(sent) == ["/spec/definition/$text placeholder"])
    }

    @Test func `keys that differ in case only are refused`() {
        #expect(Self.faults(Self.changed(["spec", "Type"], to: "x")) == [" similar-keys"])
    }

    @Test func `more values than can be searched are refused`() {
        let many = JSON.array((0..<6_000).map { JSON.integer($0) })
        #expect(Self.faults(Self.changed(["spec", "own"], to: many)) == [" too-many"])
    }
}

@Suite struct EntityReferenceTests {
    @Test(arguments: [
        ("shop", "component:acme/shop"), ("API:shop", "api:acme/shop"),
        ("other/Shop", "component:other/shop"), ("api:other/shop", "api:other/shop"),
        ("a/b:c", "component:a/b:c"),
    ])
    func `what is left out follows from the context`(text: String, expected: String) throws {
        let reference = try EntityReference(parsing: text, kind: "Component", namespace: "acme")
        #expect(reference.description == expected)
    }

    @Test(arguments: ["", ":a", "a:", "/a", "a/", "a:/b", "a:b/"])
    func `an empty part is refused`(text: String) {
        #expect(throws: EntityReferenceFault.emptyPart) {
            try EntityReference(parsing: text, kind: "Component")
        }
    }

    @Test func `a reference without a kind needs a context that has one`() {
        #expect(throws: EntityReferenceFault.noKind) { try EntityReference(parsing: "a/b") }
    }

    @Test func `a location splits at its first colon`() {
        let location = LocationReference(parsing: "url:https://example.com/a:b")
        #expect(location?.type == "url" && location?.target == "https://example.com/a:b")
        #expect(LocationReference(parsing: "url") == nil)
    }
}

@Suite struct EntityKeysTests {
    private static func keys(_ entity: JSON) throws -> Set<String> {
        let keys = EntityKeys(of: try Entity(parsing: entity))
        return Set(keys.entries.map { "\($0.key)=\($0.value ?? "-")" })
    }

    @Test func `values stand under flat keys through objects and lists`() throws {
        let keys = try Self.keys([
            "apiVersion": "a.b/v1", "kind": "Odd", "metadata": ["name": "X"],
            "spec": ["a": 1, "b": ["c": nil, "e": ["f", "G"]], "h": [["i": 1, "j": true]]],
        ])
        #expect(
            keys == [
                "apiversion=a.b/v1", "kind=Odd", "metadata.name=X", "metadata.namespace=default",
                "spec.a=1", "spec.b.c=-", "spec.b.e=f", "spec.b.e.f=true", "spec.b.e=G",
                "spec.b.e.g=true", "spec.h.i=1", "spec.h.j=true",
            ]
        )
    }

    @Test func `a long value leaves its key, a long key nothing, and an equal one stands once`()
        throws
    {
        let long = String(repeating: "x", count: 201)
        let keys = try Self.keys([
            "apiVersion": "a.b/v1", "kind": "Odd", "metadata": ["name": "x"],
            "spec": ["a": .string(long), long: 1, "t": ["a", "A", "a"]],
        ])
        let own = keys.filter { $0.hasPrefix("spec") }.sorted()
        #expect(own == ["spec.a=-", "spec.t.a=true", "spec.t=a"])
    }
}
