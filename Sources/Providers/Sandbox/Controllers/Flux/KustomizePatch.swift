import JSON

/// One patch of a `kustomization.yaml`: a strategic merge, or a list of operations (RFC 6902).
struct KustomizePatch {
    typealias Fault = KustomizeBuild.Fault

    private let patch: JSON
    private let target: JSON?

    init(_ patch: JSON, target: JSON?) {
        self.patch = patch
        self.target = target
    }

    /// The manifests, changed where the patch means them.
    ///
    /// - Throws: `.failed` where it means none and says which by itself.
    func applied(to manifests: [JSON]) throws(Fault) -> [JSON] {
        if target == nil, patch.array != nil {
            throw .failed("a JSON 6902 patch needs a `target`")
        }
        var isUsed = false
        var result: [JSON] = []
        for manifest in manifests {
            guard try isMeant(manifest) else {
                result.append(manifest)
                continue
            }
            isUsed = true
            if patch["$patch"]?.string != "delete" { result.append(try change(manifest)) }
        }
        guard isUsed || target != nil else {
            let key = SandboxObject(patch.object ?? JSONObject()).key
            throw .failed("no matches for Id \(key); failed to find unique target for patch")
        }
        return result
    }

    private func change(_ manifest: JSON) throws(Fault) -> JSON {
        if patch.array != nil {
            do throws(SandboxStatus) {
                return try JSONPatch(patch).applied(to: manifest)
            } catch {
                throw .failed("a JSON 6902 patch does not fit: \(error.message)")
            }
        }
        var changes = patch
        if target != nil, case .object(var object) = changes {
            // With a target the patch may name anything, or nothing.
            for field in ["apiVersion", "kind"] { object[field] = nil }
            var metadata = object["metadata"]?.object ?? JSONObject()
            metadata["name"] = nil
            metadata["namespace"] = nil
            object["metadata"] = metadata.isEmpty ? nil : .object(metadata)
            changes = .object(object)
        }
        let group = SandboxObject(manifest.object ?? JSONObject()).kind.group
        let isBuiltIn = group.isEmpty || group.hasSuffix(".k8s.io") || !group.contains(".")
        return ListShape(isBuiltIn: isBuiltIn).merge(strategic: changes, into: manifest)
    }

    private func isMeant(_ manifest: JSON) throws(Fault) -> Bool {
        let object = SandboxObject(manifest.object ?? JSONObject())
        guard let target else {
            let meant = SandboxObject(patch.object ?? JSONObject())
            return meant.kind == object.kind && meant.name == object.name
                && (meant.namespace == nil || meant.namespace == object.namespace)
        }
        guard target["labelSelector"] == nil, target["annotationSelector"] == nil else {
            throw .failed("the sandbox does not play selectors in the `target` of a patch")
        }
        let version = (object.apiVersion ?? "").split(separator: "/").last.map(String.init) ?? ""
        let fields = [
            ("group", object.kind.group), ("version", version), ("kind", object.kind.name),
            ("name", object.name), ("namespace", object.namespace ?? ""),
        ]
        for (field, text) in fields where try !matches(target[field], text) { return false }
        return true
    }

    /// Targets are regular expressions of the whole text.
    private func matches(_ wanted: JSON?, _ text: String) throws(Fault) -> Bool {
        guard let wanted = wanted?.string, !wanted.isEmpty else { return true }
        do throws(PatternFault) {
            return try TextPattern(parsing: "^(?:\(wanted))$").matches(text) ?? false
        } catch {
            throw .failed("the `target` of a patch: '\(wanted)' \(error)")
        }
    }
}
