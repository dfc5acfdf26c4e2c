import Domain
import JSON
import Synchronization

/// The JSON Schema of a version's parameters.
struct ParameterSchema: Sendable {
    /// Parameters with the defaults filled in, and what is not allowed about them.
    struct Checked: Sendable {
        let parameters: JSONObject
        let violations: [SchemaViolation]
    }

    private let schema: JSONSchema
    /// What comes out where nothing is set, as by most callers: the same each time.
    private let unset: Checked

    init(_ schema: JSONSchema) {
        self.schema = schema
        unset = Self.check(JSONObject(), by: schema)
    }

    func check(_ parameters: JSONObject) -> Checked {
        parameters.isEmpty ? unset : Self.check(parameters, by: schema)
    }

    private static func check(_ parameters: JSONObject, by schema: JSONSchema) -> Checked {
        let wanted = schema.fillingDefaults(in: .object(parameters))
        return Checked(
            parameters: wanted.object ?? parameters,
            violations: schema.validate(wanted)
        )
    }
}

/// Parsed parameter schemas by version; a version's schema never changes.
final class SchemaCache: Sendable {
    /// Schemas kept at once; beyond that all are forgotten.
    private static let countMax = 256

    private let schemas = Mutex<[ID<BlueprintVersion>: ParameterSchema]>([:])

    /// - Throws: where the stored schema is none, which the refresh that stored it has excluded.
    func schema(of version: BlueprintVersion) throws -> ParameterSchema {
        if let known = schemas.withLock({ $0[version.id] }) { return known }
        let schema = ParameterSchema(try JSONSchema(parsing: JSON.parse(version.parameterSchema)))
        schemas.withLock { schemas in
            if schemas.count >= Self.countMax { schemas.removeAll() }
            schemas[version.id] = schema
        }
        return schema
    }
}
