import Testing

@testable import JSON

struct SchemaTests {
    private static let cluster: JSON = [
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parameters of a cluster",
        "type": "object",
        "additionalProperties": false,
        "required": ["region", "size"],
        "properties": [
            "region": ["type": "string", "enum": ["eu-west", "eu-north", "us-east"]],
            "size": ["type": "string", "enum": ["small", "large"], "default": "small"],
            "nodes": ["type": "integer", "minimum": 1, "maximum": 9, "default": 3],
            "name": ["type": "string", "pattern": "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"],
            "labels": [
                "type": "object", "propertyNames": ["maxLength": 5],
                "additionalProperties": ["type": "string", "minLength": 1],
            ],
            "zones": [
                "type": "array", "items": ["type": "string"], "uniqueItems": true, "maxItems": 2,
            ],
        ],
    ]

    private func violations(_ instance: JSON, _ schema: JSON = cluster) throws -> [String] {
        try JSONSchema(parsing: schema).validate(instance).map {
            "\($0.pointer) \($0.code): \($0.message)"
        }
    }

    @Test func `all violations are told at once, in plain words`() throws {
        let found = try violations([
            "regoin": "eu-west", "size": "larg", "nodes": 0, "name": "Bad Name",
            "labels": ["toolong": "", "ok": 1], "zones": ["a", "b", "a"],
        ])
        let pattern = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
        #expect(
            Set(found) == [
                #"/region required: is required"#,
                #"/regoin additionalProperties: is not known here; did you mean "region"?"#,
                #"/size enum: must be one of "small", "large"; did you mean "large"?"#,
                "/nodes minimum: must be at least 1",
                "/name pattern: must match the pattern \(pattern)",
                "/labels/toolong propertyNames: the name must have at most 5 characters",
                "/labels/toolong minLength: must have at least 1 character",
                "/labels/ok type: must be a string, not 1",
                "/zones maxItems: must have at most 2 elements",
                "/zones/2 uniqueItems: must not repeat the element 0",
            ]
        )
    }

    @Test func `an unknown member far from any name lists the names`() throws {
        let found = try violations(
            ["x": 1],
            ["properties": ["a": true, "b": true], "additionalProperties": false]
        )
        #expect(found == [#"/x additionalProperties: is not known here; known are "a", "b""#])
    }

    @Test func `a choice of types is told as one sentence`() throws {
        let found = try violations(true, ["anyOf": [["type": "string"], ["type": "null"]]])
        #expect(found == [" anyOf: must be null or a string, not a boolean"])
    }

    @Test func `a choice of forms tells what the nearest one misses`() throws {
        let schema: JSON = [
            "oneOf": [
                ["required": ["path"], "properties": ["path": ["minLength": 2]]],
                ["required": ["url", "branch"]],
            ]
        ]
        #expect(
            try violations(["path": "a"], schema) == [
                " oneOf: matches none of the 2 allowed forms; nearest: /path must have at least "
                    + "2 characters"
            ]
        )
    }

    @Test func `defaults are filled in at every depth and nothing else changes`() throws {
        let schema = try JSONSchema(parsing: [
            "properties": [
                "size": ["default": "small"],
                "network": [
                    "default": [:],
                    "properties": ["cidr": ["default": "10.0.0.0/16"], "dual": [:]],
                ],
                "pools": ["items": ["$ref": "#/$defs/pool"]],
                "backup": ["$ref": "#/$defs/backup"],
            ],
            "allOf": [["properties": ["tier": ["default": 1]]]],
            "$defs": [
                "pool": ["properties": ["count": ["default": 3]]],
                "backup": ["default": ["daily": true]],
            ],
        ])
        let filled = schema.fillingDefaults(in: [
            "pools": [["count": 1], [:], "wrong"], "size": nil,
        ])
        #expect(
            filled == [
                "pools": [["count": 1], ["count": 3], "wrong"], "size": nil,
                "network": ["cidr": "10.0.0.0/16"], "backup": ["daily": true], "tier": 1,
            ]
        )
        #expect(schema.fillingDefaults(in: filled) == filled)
    }

    @Test func `defaults that ask for themselves or for too much come to an end`() throws {
        let itself = try JSONSchema(parsing: ["properties": ["a": ["$ref": "#", "default": [:]]]])
        #expect(itself.fillingDefaults(in: [:]) == ["a": [:]])
        var defs = JSONObject()
        for level in 0..<40 {
            let next: JSON = ["$ref": .string("#/$defs/d\(level + 1)"), "default": [:]]
            defs["d\(level)"] = ["properties": ["a": next, "b": next]]
        }
        defs["d40"] = true
        let doubling = try JSONSchema(parsing: ["$ref": "#/$defs/d0", "$defs": .object(defs)])
        _ = doubling.fillingDefaults(in: [:])
    }

    @Test(
        arguments: [
            (##"{"$ref":"https://example.com/x"}"##, "/$ref: only places in this schema"),
            (##"{"$ref":"other.json#/a"}"##, "/$ref: only places in this schema"),
            (##"{"$ref":"#/$defs/none"}"##, "/$ref: there is nothing at #/$defs/none"),
            (##"{"$ref":"#none"}"##, "/$ref: no schema here has the anchor none"),
            (##"{"$dynamicRef":"#a"}"##, "/$dynamicRef: this is not supported"),
            (##"{"properties":{"a":{"$id":"b"}}}"##, "/properties/a/$id: below the root"),
            (##"{"$schema":"http://json-schema.org/draft-07/schema#"}"##, "/$schema: only"),
            (
                ##"{"type":"strnig"}"##,
                ##"/type: there is no type "strnig"; did you mean "string"?"##
            ),
            (##"{"minLength":-1}"##, "/minLength: a whole number, 0 or more, is needed"),
            (##"{"minLength":"1"}"##, "/minLength: a number is needed, not a string"),
            (##"{"multipleOf":0}"##, "/multipleOf: a number above 0"),
            (##"{"pattern":"(?=a)"}"##, "/pattern: at character 1 of the pattern: look-around"),
            (
                ##"{"patternProperties":{"(a)\\1":true}}"##,
                "/patternProperties/(a)\\1: at character 4"
            ),
            (##"{"properties":{"a":1}}"##, "/properties/a: a schema is an object, true or false"),
            (##"{"allOf":[]}"##, "/allOf: the list must not be empty"),
            (##"{"$ref":"#"}"##, "a $ref leads back to itself"),
            (##"{"allOf":[{"anyOf":[{"$ref":"#/allOf/0"}]}]}"##, "a $ref leads back to itself"),
            ("1", "a schema is an object, true or false, not a number"),
        ] as [(String, String)]
    )
    func `a schema that cannot be used is refused with a sentence`(
        _ text: String,
        _ expected: String
    ) throws {
        let json = try JSON.parse(text)
        let fault = try #require(throws: SchemaFault.self) { try JSONSchema(parsing: json) }
        #expect(fault.description.hasPrefix(expected), "\(fault)")
    }

    @Test func `a recursive schema follows the value`() throws {
        let tree: JSON = [
            "type": "object",
            "properties": ["children": ["type": "array", "items": ["$ref": "#"]]],
            "required": ["name"],
        ]
        let found = try violations(
            ["name": "a", "children": [["name": "b"], ["children": [[:]]]]],
            tree
        )
        #expect(
            Set(found) == [
                "/children/1/name required: is required",
                "/children/1/children/0/name required: is required",
            ]
        )
    }

    @Test func `a schema that would take exponential work is given up on`() throws {
        var defs = JSONObject()
        for level in 0..<25 {
            let next: JSON = ["$ref": .string("#/$defs/d\(level + 1)")]
            defs["d\(level)"] = ["allOf": [next, next]]
        }
        defs["d25"] = ["type": "string"]
        let schema = try JSONSchema(parsing: ["$ref": "#/$defs/d0", "$defs": .object(defs)])
        #expect(schema.validate("x").first?.code == "limit")
    }

    @Test func `at most a hundred violations are told`() throws {
        let schema = try JSONSchema(parsing: ["items": ["type": "string"]])
        let numbers = JSON.array((0..<1_000).map { .integer($0) })
        #expect(schema.validate(numbers).count == JSONSchema.violationsMax)
    }

    @Test func `the patterns of one check share their steps`() throws {
        let schema = try JSONSchema(
            parsing: ["items": ["type": "string", "pattern": "(a|b|ab){0,200}c$"]]
        )
        let text = String(repeating: "ab", count: 1_250)
        let few = schema.validate(.array([.string(text)]))
        #expect(few.map(\.code) == ["pattern"])
        let many = schema.validate(.array((0..<400).map { .string(text + String($0)) }))
        #expect(many.first?.code == "limit")
        #expect(many.count < 20)
    }

    @Test func `violations that nobody hears of look for no nearest name`() throws {
        var known = JSONObject()
        for number in 0..<500 { known["parameter\(number)"] = true }
        let schema = try JSONSchema(
            parsing: ["properties": .object(known), "additionalProperties": false]
        )
        var strange = JSONObject()
        for number in 0..<20_000 { strange["parametre\(number)"] = 1 }
        let violations = schema.validate(.object(strange))
        #expect(violations.count == JSONSchema.violationsMax)
        #expect(violations.allSatisfy { !$0.message.isEmpty })
    }

    @Test func `formats are remarks unless they are made rules`() throws {
        let schema: JSON = ["format": "ipv4"]
        #expect(try JSONSchema(parsing: schema).validate("x").isEmpty)
        let found = try JSONSchema(parsing: schema, formats: .assertion).validate("x")
        #expect(found.map(\.message) == ["must be an IPv4 address like 192.0.2.1"])
    }

    @Test func `a document may refer to itself by its identifier`() throws {
        let schema: JSON = [
            "$id": "https://example.com/s", "$ref": "https://example.com/s#/$defs/a",
            "$defs": ["a": ["type": "string"]],
        ]
        #expect(try violations(1, schema) == [" type: must be a string, not 1"])
    }
}
