import JSON

extension SandboxStatus {
    /// There is no such object.
    static func notFound(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        SandboxStatus(.notFound, "\(resource.qualifiedName) \"\(name)\" not found")
            .about(resource, name)
    }

    /// There is one of that name.
    static func alreadyExists(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        SandboxStatus(.alreadyExists, "\(resource.qualifiedName) \"\(name)\" already exists")
            .about(resource, name)
    }

    /// It is not at the resourceVersion that the writer has seen.
    static func modified(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        let advice = "please apply your changes to the latest version and try again"
        return conflict(resource, name, "the object has been modified; \(advice)")
    }

    /// It is not what the writer takes it for.
    static func conflict(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        let object = "\(resource.qualifiedName) \"\(name)\""
        return SandboxStatus(.conflict, "Operation cannot be fulfilled on \(object): \(reason)")
            .about(resource, name)
    }

    /// A deletion is meant for another incarnation or state of it.
    static func unmet(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        let object = "\(resource.kind) \"\(name)\""
        return SandboxStatus(.conflict, "Operation cannot be fulfilled on \(object): \(reason)")
            .about(resource, name, as: resource.kind.name)
    }

    /// It breaks the rules for objects of its kind.
    static func invalid(
        _ resource: SandboxResource,
        _ name: String,
        _ causes: [Cause]
    ) -> SandboxStatus {
        let texts = causes.map { "\($0.field): \($0.message)" }
        let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        var status = SandboxStatus(.invalid, "\(resource.kind) \"\(name)\" is invalid: \(list)")
            .about(resource, name, as: resource.kind.name)
        status.causes = causes
        return status
    }

    /// The caller, or anybody, may not do that to it.
    static func forbidden(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        let object = resource.qualifiedName + (name.isEmpty ? "" : " \"\(name)\"")
        return SandboxStatus(.forbidden, "\(object) is forbidden: \(reason)").about(resource, name)
    }

    /// Nothing is served under that path.
    static var noSuchResource: SandboxStatus {
        SandboxStatus(.notFound, "the server could not find the requested resource")
    }

    /// Something is served under that path, but not for that method.
    static var noSuchMethod: SandboxStatus {
        let text = "the server does not allow this method on the requested resource"
        return SandboxStatus(.methodNotAllowed, text)
    }

    /// The body is of a type that is not understood there.
    static func unsupported(_ types: String...) -> SandboxStatus {
        SandboxStatus(
            .unsupportedMediaType,
            "the body of the request was in an unknown format - accepted media types include: "
                + types.joined(separator: ", ")
        )
    }

    /// An option of a request (`PatchOptions`, `DeleteOptions`) says what it may not.
    static func badOption(_ kind: String, _ reason: String) -> SandboxStatus {
        SandboxStatus(.invalid, "\(kind).meta.k8s.io \"\" is invalid: \(reason)")
    }

    /// More bytes than are taken.
    static func tooLarge(limit: Int) -> SandboxStatus {
        SandboxStatus(.tooLarge, "Request entity too large: limit is \(limit)")
    }

    /// The records gave no answer.
    init(_ outage: SandboxOutage) {
        self.init(.unavailable, "the sandbox's records cannot be reached: \(outage.reason)")
        retryAfterSeconds = 1
    }

    /// Revisions that old are no longer known.
    static func expired(_ wanted: Int64, compacted: Int64) -> SandboxStatus {
        SandboxStatus(.expired, "too old resource version: \(wanted) (\(compacted))")
    }

    private func about(
        _ resource: SandboxResource,
        _ name: String,
        as kind: String? = nil
    ) -> SandboxStatus {
        var status = self
        status.details["name"] = name.isEmpty ? nil : .string(name)
        status.details["group"] = resource.group.isEmpty ? nil : .string(resource.group)
        status.details["kind"] = .string(kind ?? resource.plural)
        return status
    }
}

extension SandboxStatus.Cause {
    /// A field has a value that it may not have.
    static func invalid(_ field: String, _ message: String) -> Self {
        Self("FieldValueInvalid", message, field: field)
    }

    /// A field has another value than it had, and may not.
    static func immutable(_ field: String, _ value: JSON?) -> Self {
        invalid(field, "Invalid value: \((value ?? .null).text): field is immutable")
    }
}

/// Runs a call of the records and says what its outage means to the caller.
func asking<Value>(
    _ body: () async throws(SandboxOutage) -> Value
) async throws(SandboxStatus) -> Value {
    do throws(SandboxOutage) {
        return try await body()
    } catch {
        throw SandboxStatus(error)
    }
}
