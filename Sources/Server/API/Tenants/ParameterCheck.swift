import Domain
import JSON
import Storage

/// Finds the version that a tenant's spec stands for, checks the parameters against its JSON
/// Schema, and fills in the defaults.
struct ParameterCheck {
    let call: Invocation

    /// The spec with all parameters, and the blueprint that it names.
    ///
    /// `current` is what the tenant is made from now: a version that has become defective is
    /// refused only where it would be new. Throws every fault at its place in the body.
    func complete(
        _ spec: TenantSpec,
        current: BlueprintChoice? = nil
    ) async throws -> (spec: TenantSpec, blueprint: BlueprintID) {
        let version = try await version(of: spec.blueprint)
        if version.state == .defective, spec.blueprint != current {
            throw Problem(
                invalidSpec: "version",
                "defective",
                "The version is marked as defective; choose another."
            )
        }
        let schema = try call.services.schemas.schema(of: version)
        let checked = schema.check(spec.parameters)
        let faults = checked.violations.prefix(Problem.faultsMax).map { violation in
            Fault(
                .body(JSONPointer(["spec", "parameters"] + violation.pointer.tokens)),
                code: violation.code,
                detail: violation.message
            )
        }
        guard faults.isEmpty else {
            throw Problem(
                .invalidInput,
                "Correct the parameters that `errors` lists.",
                faults: faults
            )
        }
        var complete = spec
        complete.parameters = checked.parameters
        return (complete, version.blueprint)
    }

    /// The blueprint of a tenant whose caller names none: the only one there is.
    func onlyBlueprint() async throws -> BlueprintName {
        let query = ListQuery(limit: 2)
        let known = try await call.services.storage.blueprints.list(query, as: call.access)
        guard let first = known.items.first else {
            throw Problem(
                invalidSpec: "blueprint",
                "none",
                "There is no blueprint yet; register one with POST /v1/blueprints."
            )
        }
        guard known.items.count == 1 else {
            throw Problem(
                invalidSpec: "blueprint",
                "missing",
                "There are several blueprints; name one of those that GET /v1/blueprints lists."
            )
        }
        return try BlueprintName(parsing: first.name)
    }

    private func version(of choice: BlueprintChoice) async throws -> BlueprintVersion {
        let storage = call.services.storage
        let found =
            if let wanted = choice.version {
                try await storage.versions.find(wanted, of: choice.name, as: call.access)
            } else {
                try await storage.versions.findDefault(of: choice.name, as: call.access)
            }
        if let found { return found }
        guard let stored = try await storage.blueprints.find(choice.name, as: call.access) else {
            throw Problem(invalidSpec: "blueprint", "unknown", "There is no such blueprint.")
        }
        guard try stored.blueprint().status.phase != .pending else {
            throw Problem(
                .stateConflict,
                "The blueprint has not been read yet. Send the request again; where that does not "
                    + "help, GET /v1/blueprints/\(choice.name) says what it waits for.",
                retryAfter: 1
            )
        }
        if choice.version != nil {
            throw Problem(invalidSpec: "version", "unknown", "The blueprint has no such version.")
        }
        throw Problem(
            invalidSpec: "blueprint",
            "no-default",
            "The blueprint has no default version yet. Name a version."
        )
    }
}
