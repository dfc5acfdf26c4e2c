import Domain
import JSON

/// One patch of a `kustomization.yaml`: a strategic merge, or a list of operations (RFC 6902).
struct KustomizePatch {
    private let patch: JSON
    private let target: JSON?

    init(_ patch: JSON, target: JSON?) {
        self.patch = patch
        self.target = target
    }

    /// The manifests, changed where the patch means them.
    ///
    /// - Throws: `.wrong` where it means none and says which by itself.
    func applied(to manifests: [JSON], of path: String) throws(BuildFault) -> [JSON] {
        if target == nil, patch.array != nil {
            throw .wrong("\(path): a JSON 6902 patch needs a `target`")
        }
        var isUsed = false
        var result: [JSON] = []
        for manifest in manifests {
            guard try isMeant(SandboxObject(manifest.object ?? JSONObject())) else {
                result.append(manifest)
                continue
            }
            isUsed = true
            if patch["$patch"]?.string != "delete" { result.append(try change(manifest)) }
        }
        guard isUsed || target != nil else {
            let key = SandboxObject(patch.object ?? JSONObject()).key
            throw .wrong("no matches for Id \(key); failed to find unique target for patch")
        }
        return result
    }

    private func change(_ manifest: JSON) throws(BuildFault) -> JSON {
        if patch.array != nil {
            do throws(SandboxStatus) {
                return try JSONPatch(patch).applied(to: manifest)
            } catch {
                throw .wrong("a JSON 6902 patch does not fit: \(error.message)")
            }
        }
        var changes = patch
        if target != nil {
            // With a target the patch may name anything, or nothing.
            let names: JSON = ["name": nil, "namespace": nil]
            changes = patch.merging(patch: ["apiVersion": nil, "kind": nil, "metadata": names])
        }
        let group = SandboxObject(manifest.object ?? JSONObject()).kind.group
        let isBuiltIn = group.isEmpty || group.hasSuffix(".k8s.io") || !group.contains(".")
        return ListShape(isBuiltIn: isBuiltIn).merge(strategic: changes, into: manifest)
    }

    private func isMeant(_ object: SandboxObject) throws(BuildFault) -> Bool {
        guard let target else {
            let meant = SandboxObject(patch.object ?? JSONObject())
            return meant.kind == object.kind && meant.name == object.name
                && (meant.namespace == nil || meant.namespace == object.namespace)
        }
        guard target["labelSelector"] == nil, target["annotationSelector"] == nil else {
            throw .wrong("the sandbox does not play selectors in the `target` of a patch")
        }
        let fields = [
            ("group", object.kind.group), ("kind", object.kind.name), ("name", object.name),
            ("namespace", object.namespace ?? ""),
        ]
        for (field, text) in fields where try !matches(target[field], text) { return false }
        return true
    }

    /// Targets are regular expressions of the whole text.
    private func matches(_ wanted: JSON?, _ text: String) throws(BuildFault) -> Bool {
        guard let wanted = wanted?.string, !wanted.isEmpty, wanted != text else { return true }
        do throws(PatternFault) {
            return try TextPattern(parsing: "^(?:\(wanted))$").matches(text) ?? false
        } catch {
            throw .wrong("the `target` of a patch: '\(wanted)' \(error)")
        }
    }
}
