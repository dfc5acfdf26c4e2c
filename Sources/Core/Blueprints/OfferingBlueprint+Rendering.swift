package import Domain
package import JSON
import YAML

/// An offering's files for one delivery of a service.
package struct RenderedOffering: Sendable {
    /// The files of `service/` and `service-end/`, below the offering's folder.
    package let tree: RenderedTree
    /// Secrets that are there before the files are applied, with everything filled in.
    package let secrets: [OfferingSecret]
    /// What callers are told.
    package let outputs: JSONObject
    /// The parameters with what the plan sets and defaults filled in.
    package var parameters: JSON { tree.parameters }
}

/// An offering's files for one credential.
package struct RenderedCredential: Sendable {
    /// The files of `binding/` and `binding-end/`, below the offering's folder.
    package let tree: RenderedTree
    /// Secrets that are there before the files are applied, with everything filled in.
    package let secrets: [OfferingSecret]
    /// The keys of the consumer's Secret, with everything but `$(key)` filled in.
    package let credentials: [CredentialEntry]
    /// A Secret whose keys are all taken over; nil where there is none.
    package let takesAllOf: String?
}

extension OfferingBlueprint {
    /// Renders what a service needs from the files of its blueprint.
    ///
    /// Throws everything that keeps it from being rendered, at once.
    package func render(
        _ files: [BlueprintFile],
        plan name: String,
        parameters: JSON,
        values: OfferingValues
    ) throws(RenderFault) -> RenderedOffering {
        let plan = try plan(name)
        let complete = try complete(parameters, for: plan)
        do throws(RenderFault) {
            let template = template(manifest, files, [.service, .serviceEnd])
            let all = values.all(of: offering, plan: name)
            let tree = try template.render(parameters: complete, values: all)
            var filler = Filler(template.substitution(for: complete, builtIns: all))
            var outputs = JSONObject()
            for (key, value) in self.outputs {
                outputs[key] = value.string.map { .string(filler.fill($0)) } ?? value
            }
            let secrets = filler.fill(secrets, for: complete)
            filler.fault.add(secretsInGit(tree))
            guard filler.fault.isEmpty else { throw filler.fault }
            return RenderedOffering(tree: tree, secrets: secrets, outputs: outputs)
        } catch {
            throw error.moved(below: folder, manifest: Self.fileName)
        }
    }

    /// Renders what a credential needs; `parameters` are the service's, `wanted` the binding's.
    ///
    /// Throws everything that keeps it from being rendered, at once.
    package func render(
        _ files: [BlueprintFile],
        plan name: String,
        parameters: JSON,
        values: OfferingValues,
        binding wanted: JSON,
        credential: CredentialValues
    ) throws(RenderFault) -> RenderedCredential {
        guard let binding else {
            throw RenderFault(Finding(.badManifest, file: path, message: "it cannot be bound"))
        }
        let complete = try complete(parameters, for: plan(name))
        do throws(RenderFault) {
            var all = BlueprintTemplate(manifest: manifest, files: [])
                .values(for: complete, builtIns: values.all(of: offering, plan: name))
            all.merge(credential.all(of: values, at: offering.place)) { $1 }
            let template = template(binding.manifest, files, [.binding, .bindingEnd])
            let tree = try template.render(parameters: wanted, values: all)
            var filler = Filler(template.substitution(for: tree.parameters, builtIns: all))
            let secrets = filler.fill(binding.secrets, for: tree.parameters)
            let credentials = binding.credentials.map { filler.fill($0) }
            let takesAllOf = binding.takesAllOf.map { filler.fill($0) }
            filler.fault.add(secretsInGit(tree))
            guard filler.fault.isEmpty else { throw filler.fault }
            return RenderedCredential(
                tree: tree,
                secrets: secrets,
                credentials: credentials,
                takesAllOf: takesAllOf
            )
        } catch {
            throw error.moved(below: folder, manifest: Self.fileName)
        }
    }

    /// Where `offering.yaml` is in the blueprint.
    private var path: String { "\(folder)/\(Self.fileName)" }

    private func plan(_ name: String) throws(RenderFault) -> OfferingPlan {
        if let plan = offering.plans.first(where: { $0.name == name }) { return plan }
        let names = offering.plans.map { "`\($0.name)`" }.joined(separator: ", ")
        let message = "there is no plan `\(name)`; there are \(names)"
        throw RenderFault(Finding(.badParameter, message: message))
    }

    /// The parameters with what the plan sets and with defaults, checked against the schema and the
    /// plan's restriction.
    package func complete(
        _ parameters: JSON,
        for plan: OfferingPlan
    ) throws(RenderFault) -> JSON {
        guard case .object(let given) = parameters else {
            throw RenderFault(Finding(.badParameter, message: "parameters must be an object"))
        }
        var fault = RenderFault()
        let merged = merge(plan.parameters, into: given, at: .root, &fault)
        let complete = manifest.parameters.fillingDefaults(in: .object(merged))
        let schemas = [manifest.parameters, restrictions[plan.name]].compactMap(\.self)
        fault.add(parameters: schemas.flatMap { $0.validate(complete) })
        guard fault.isEmpty else { throw fault }
        return complete
    }

    /// What the plan sets beside what the caller does; both setting one thing is an error.
    private func merge(
        _ set: JSONObject,
        into given: JSONObject,
        at place: JSONPointer,
        _ fault: inout RenderFault
    ) -> JSONObject {
        var merged = given
        for member in set {
            let at = place.appending(member.key)
            switch (given[member.key], member.value) {
            case (nil, _): merged[member.key] = member.value
            case (.object(let mine)?, .object(let theirs)):
                merged[member.key] = .object(merge(theirs, into: mine, at: at, &fault))
            default:
                fault.add(
                    Finding(
                        .badParameter,
                        pointer: at.description,
                        rule: "conflicting",
                        message: "is set by the plan; leave it out"
                    )
                )
                merged[member.key] = member.value
            }
        }
        return merged
    }

    private func template(
        _ manifest: BlueprintManifest,
        _ files: [BlueprintFile],
        _ parts: [Part]
    ) -> BlueprintTemplate {
        let own = OfferingFolder(folder, amongst: files).files(of: parts)
        return BlueprintTemplate(manifest: manifest, files: own)
    }

    /// Manifests that would carry a secret into a repository.
    private func secretsInGit(_ tree: RenderedTree) -> RenderFault {
        var fault = RenderFault()
        for (path, bytes) in tree.contents where Self.isManifest(path.text) {
            let file = path.text
            do throws(YAMLFault) {
                for document in try YAML.documents(bytes) where document.value.carriesSecret {
                    fault.add(
                        Finding(
                            .badManifest,
                            file: file,
                            line: document.line,
                            message: "a Secret must not be in Git with `data` or `stringData`; "
                                + "declare it under `secrets`"
                        )
                    )
                }
            } catch {
                fault.add(RenderFault(error, file: file))
            }
        }
        return fault
    }

    private static func isManifest(_ path: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) }
    }
}

extension JSON {
    /// Whether it is a Secret with values, or a list with one.
    fileprivate var carriesSecret: Bool {
        let isSecret = self["kind"] == "Secret"
        if isSecret, self["data"] != nil || self["stringData"] != nil { return true }
        return self["items"]?.array?.contains { $0.carriesSecret } ?? false
    }
}

/// Fills texts outside of files.
private struct Filler {
    private let substitution: Substitution
    var fault = RenderFault()

    init(_ substitution: Substitution) { self.substitution = substitution }

    mutating func fill(_ text: String) -> String {
        substitution.expand(text, file: BlueprintManifest.path, fault: &fault) ?? text
    }

    mutating func fill(_ entry: CredentialEntry) -> CredentialEntry {
        switch entry.source {
        case .text(let text):
            CredentialEntry(entry.key, .text(fill(text)))
        case .secret(let name, let key):
            CredentialEntry(entry.key, .secret(name: fill(name), key: fill(key)))
        }
    }

    /// Those that there are with these parameters.
    mutating func fill(_ secrets: [SecretBlueprint], for parameters: JSON) -> [OfferingSecret] {
        var filled: [OfferingSecret] = []
        for entry in secrets where entry.condition?.holds(for: parameters) ?? true {
            var secret = entry.secret
            secret.name = fill(secret.name)
            for place in secret.data.indices {
                guard case .text(let text) = secret.data[place].value else { continue }
                secret.data[place].value = .text(fill(text))
            }
            filled.append(secret)
        }
        return filled
    }
}
