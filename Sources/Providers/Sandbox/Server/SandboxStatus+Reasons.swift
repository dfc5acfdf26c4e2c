import JSON

extension SandboxStatus {
    /// There is no such object.
    static func notFound(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        about(resource, name, .notFound, "\(resource.qualifiedName) \"\(name)\" not found")
    }

    /// There is one of that name.
    static func alreadyExists(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        about(
            resource,
            name,
            .alreadyExists,
            "\(resource.qualifiedName) \"\(name)\" already exists"
        )
    }

    /// It is not at the resourceVersion that the writer has seen.
    static func modified(_ resource: SandboxResource, _ name: String) -> SandboxStatus {
        conflict(
            resource,
            name,
            "the object has been modified; please apply your changes to the latest version and try"
                + " again"
        )
    }

    /// It is not what the writer takes it for.
    static func conflict(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        let text =
            "Operation cannot be fulfilled on \(resource.qualifiedName) \"\(name)\": \(reason)"
        return about(resource, name, .conflict, text)
    }

    /// A deletion is meant for another incarnation or state of it.
    static func unmet(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        var status = SandboxStatus(
            .conflict,
            "Operation cannot be fulfilled on \(resource.kind) \"\(name)\": \(reason)"
        )
        status.details["name"] = .string(name)
        if !resource.group.isEmpty { status.details["group"] = .string(resource.group) }
        status.details["kind"] = .string(resource.kind.name)
        return status
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
        if !name.isEmpty { status.details["name"] = .string(name) }
        if !resource.group.isEmpty { status.details["group"] = .string(resource.group) }
        status.details["kind"] = .string(resource.kind.name)
        status.causes = causes
        return status
    }

    /// The caller, or anybody, may not do that to it.
    static func forbidden(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: String
    ) -> SandboxStatus {
        let object = name.isEmpty ? "" : " \"\(name)\""
        let text = "\(resource.qualifiedName)\(object) is forbidden: \(reason)"
        return about(resource, name, .forbidden, text)
    }

    /// Nothing is served under that path.
    static var noSuchResource: SandboxStatus {
        SandboxStatus(.notFound, "the server could not find the requested resource")
    }

    /// Something is served under that path, but not for that method.
    static var noSuchMethod: SandboxStatus {
        SandboxStatus(
            .methodNotAllowed,
            "the server does not allow this method on the requested resource"
        )
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

    private static func about(
        _ resource: SandboxResource,
        _ name: String,
        _ reason: Reason,
        _ message: String
    ) -> SandboxStatus {
        var status = SandboxStatus(reason, message)
        if !name.isEmpty { status.details["name"] = .string(name) }
        if !resource.group.isEmpty { status.details["group"] = .string(resource.group) }
        status.details["kind"] = .string(resource.plural)
        return status
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
