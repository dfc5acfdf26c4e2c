import Blueprints
import JSON
import YAML

/// Fills in what `postBuild` of a Flux Kustomization names, in the language of `clusterctl`
/// templates; a variable that is not defined is empty.
struct PostBuild {
    private static let annotation = "kustomize.toolkit.fluxcd.io/substitute"

    let values: [String: String]

    /// The manifest with everything filled in.
    ///
    /// - Throws: `.wrong` with what cannot be filled in.
    func filled(_ manifest: JSON) throws(BuildFault) -> JSON {
        guard !values.isEmpty else { return manifest }
        let metadata = manifest["metadata"]
        let isOff = ["annotations", "labels"].contains { field in
            metadata?[field]?[Self.annotation] == "disabled"
        }
        return isOff ? manifest : try fill(manifest)
    }

    private func fill(_ value: JSON) throws(BuildFault) -> JSON {
        switch value {
        case .string(let text): return try fill(text)
        case .array(let list):
            var result: [JSON] = []
            for item in list { result.append(try fill(item)) }
            return .array(result)
        case .object(let object):
            var result = JSONObject(reserving: object.count)
            for member in object { result[member.key] = try fill(member.value) }
            return .object(result)
        default: return value
        }
    }

    /// A text that is one variable becomes what the value is in YAML, as in Flux, which fills in
    /// the text of the manifests.
    private func fill(_ text: String) throws(BuildFault) -> JSON {
        guard text.contains("$") else { return .string(text) }
        var fault = RenderFault()
        let bytes = Array(text.utf8)
        let uses = Substitution.uses(in: bytes, file: "manifest", fault: &fault) ?? []
        var values = values
        for use in uses where use.fallback == nil && values[use.name] == nil {
            values[use.name] = ""
        }
        let filled = Substitution(values: values).expand(text, file: "manifest", fault: &fault)
        guard let filled else { throw .wrong("variable substitution failed: \(fault)") }
        let isOneVariable = uses.count == 1 && text.hasPrefix("${") && text.hasSuffix("}")
        // What is no YAML stays a text.
        guard isOneVariable, let document = try? YAML.documents(Array(filled.utf8)).first else {
            return .string(filled)
        }
        switch document.value {
        case .bool, .number: return document.value
        default: return .string(filled)
        }
    }
}
