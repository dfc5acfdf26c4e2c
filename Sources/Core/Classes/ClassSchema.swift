package import JSON

/// The JSON Schema of a class's definition: what the API takes and `docs/cluster-classes.md` shows.
package enum ClassSchema {
    /// The schema as JSON.
    package static let document: JSON = [
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cluster class",
        "type": "object",
        "additionalProperties": false,
        "properties": [
            "name": ["type": "string", "description": "The class's name, in a blueprint."],
            "template": [
                "type": ["string", "array"],
                "items": ["type": "string"],
                "description": "The template's text; in a blueprint, its path or several paths.",
            ],
            "labels": [
                "type": "object",
                "description": "What selectors find the class by, in a blueprint.",
                "additionalProperties": ["type": "string"],
            ],
            "description": ["type": "string", "maxLength": 1_000],
            "provider": [
                "type": "string",
                "enum": .array(ProviderName.allCases.map { .string($0.rawValue) }),
                "description": "Whose table of sizes is meant; told from the template if absent.",
            ],
            "variables": [
                "type": "object",
                "description":
                    "Values for the template's variables; the guide lists what they may use.",
                "maxProperties": 500,
                "propertyNames": ["pattern": "^[A-Za-z_][A-Za-z0-9_]*$"],
                "additionalProperties": ["type": ["string", "number", "boolean"]],
            ],
            "mapping": mapping,
            "sizes": [
                "type": "object",
                "description": "An instance type, or members to set, by the size's name.",
                "maxProperties": 50,
                "propertyNames": ["pattern": "^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$"],
                "additionalProperties": [
                    "type": ["string", "object"], "minProperties": 1,
                    "properties": ["cpus": measure, "memoryGiB": measure],
                ],
            ],
            "kubernetesVersions": [
                "type": "array",
                "description": "`1.34.2`, or all of `1.34`; the last whole one is the default.",
                "maxItems": 100,
                "items": [
                    "type": "string",
                    "pattern": "^[0-9]+\\.[0-9]+(\\.[0-9]+([-+][0-9A-Za-z.+-]+)?)?$",
                ],
            ],
            "regions": ["type": "array", "maxItems": 200, "items": ["type": "string"]],
            "allowance": allowance,
            "healthChecks": healthChecks,
        ],
    ]

    private static let measure: JSON = [
        "minimum": 1, "maximum": .integer(NodeSize.measureMax),
    ]

    private static let target: JSON = [
        "description": "A variable, or `Kind:/path/to/member`; several in a list.",
        "type": ["string", "array"],
        "items": ["type": "string"],
    ]

    private static let mapping: JSON = [
        "type": "object",
        "description": "Where Slipway's words go; well-known names are found without it.",
        "additionalProperties": false,
        "properties": [
            "name": target, "namespace": target, "kubernetesVersion": target, "region": target,
            "controlPlane": [
                "type": "object",
                "additionalProperties": false,
                "properties": ["replicas": target],
            ],
            "nodePools": [
                "type": "object",
                "additionalProperties": false,
                "properties": [
                    "count": target, "size": target,
                    "from": [
                        "type": "string",
                        "description": "The template's pool that others are made after.",
                    ],
                ],
            ],
        ],
    ]

    private static let allowance: JSON = [
        "type": "object",
        "description": "What one tenant may have of the class.",
        "additionalProperties": false,
        "properties": [
            "tenants": ["type": "string", "description": "A label selector; all if absent."],
            "clusters": ["type": "integer", "minimum": 0],
            "nodes": ["type": "integer", "minimum": 0, "description": "Of one cluster."],
            "sizes": ["type": "array", "items": ["type": "string"], "maxItems": 50],
        ],
    ]

    private static let healthChecks: JSON = [
        "type": "object",
        "additionalProperties": false,
        "properties": [
            "enabled": ["type": "boolean", "default": true],
            "nodeStartupSeconds": [
                "type": "integer", "minimum": 60, "maximum": 86_400, "default": 1_200,
            ],
            "unhealthySeconds": [
                "type": "integer", "minimum": 30, "maximum": 86_400, "default": 300,
            ],
        ],
    ]

    /// The schema, ready for use.
    static let compiled: JSONSchema = {
        do {
            return try JSONSchema(parsing: document)
        } catch {
            preconditionFailure("the schema of cluster classes is broken: \(error)")
        }
    }()
}
