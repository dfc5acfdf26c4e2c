import Domain
import JSON

/// What a caller wants of a tenant, read from a body; parameters are not checked yet.
struct TenantWish: Sendable {
    let labels: Labels
    let spec: TenantSpec

    /// Reads `labels` and `spec` for the tenant of that name.
    init?(_ reader: inout ObjectReader, name: TenantName?) {
        let labels = reader.labels()
        let spec = reader.object("spec", isRequired: true) { reader in
            Self.spec(&reader, name: name)
        }
        guard let spec else { return nil }
        self.labels = labels ?? Labels()
        self.spec = spec
    }

    private static func spec(_ reader: inout ObjectReader, name: TenantName?) -> TenantSpec? {
        let displayName = reader.optional(
            "displayName",
            Reading.text(0...TenantSpec.displayNameLengthMax)
        )
        let owners = owners(&reader)
        let blueprint: BlueprintName? = reader.required("blueprint", Reading.name)
        let version = reader.optional("version", Reading.version)
        let parameters = reader.optional("parameters", Reading.object)
        let isProtected = reader.optional("deleteProtection", Reading.bool)
        let isSuspended = reader.optional("suspended", Reading.bool)
        guard let blueprint, let name else { return nil }
        return TenantSpec(
            displayName: displayName ?? name.text,
            owners: owners ?? [],
            blueprint: BlueprintChoice(name: blueprint, version: version),
            parameters: parameters ?? JSONObject(),
            deleteProtection: isProtected ?? false,
            suspended: isSuspended ?? false
        )
    }

    private static func owners(_ reader: inout ObjectReader) -> [String]? {
        let owners = reader.array(
            "owners",
            countMax: TenantSpec.ownersMax,
            Reading.text(1...TenantSpec.ownerLengthMax)
        )
        if let owners, Set(owners).count < owners.count {
            reader.refuse("owners", "repeated", "Name each owner once.")
        }
        return owners
    }
}

extension Reading {
    /// A version as SemVer without a leading `v`, in its canonical form.
    static func version(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        guard let version = SemanticVersion(text), version.description == text else {
            throw ReadingFault(
                "invalid-version",
                "Expected a version such as 1.2.0, without a leading v."
            )
        }
        return text
    }
}

extension Inputs {
    /// The name in the path; what is no name names nothing.
    func name<Subject>(_ parameter: String) throws(Problem) -> ResourceName<Subject> {
        do {
            return try ResourceName<Subject>(parsing: path(parameter))
        } catch {
            throw .notFound
        }
    }

    /// The id in the path; what is no id identifies nothing.
    func id<Subject>(_ parameter: String) throws(Problem) -> ID<Subject> {
        do {
            return try ID<Subject>(parsing: path(parameter))
        } catch {
            throw .notFound
        }
    }

    /// A filter in the query; nil where it is left out.
    func filter<Value>(
        _ parameter: String,
        _ read: (JSON) throws(ReadingFault) -> Value
    ) throws(Problem) -> Value? {
        guard let text = call.query[parameter] else { return nil }
        do {
            return try read(.string(text))
        } catch {
            throw .invalidQuery([.query(parameter, error.code, error.detail)])
        }
    }
}
