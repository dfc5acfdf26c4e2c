import JSON
import YAML

/// Fills in what `postBuild` of a Flux Kustomization names.
///
/// `${NAME}`, `${NAME:-default}` and `${NAME:=default}` are filled in, `$$` becomes `$`.
/// Everything else of that language is refused.
struct PostBuild {
    private static let annotation = "kustomize.toolkit.fluxcd.io/substitute"

    let values: [String: String]

    /// The manifest with everything filled in.
    func filled(_ manifest: JSON) throws(KustomizeBuild.Fault) -> JSON {
        guard !values.isEmpty else { return manifest }
        let metadata = manifest["metadata"]
        for field in ["annotations", "labels"]
        where metadata?[field]?[Self.annotation]?.string == "disabled" {
            return manifest
        }
        return try fill(manifest)
    }

    private func fill(_ value: JSON) throws(KustomizeBuild.Fault) -> JSON {
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
    private func fill(_ text: String) throws(KustomizeBuild.Fault) -> JSON {
        guard text.contains("$") else { return .string(text) }
        let filled = try expand(text)
        let isOneVariable =
            text.hasPrefix("${") && text.hasSuffix("}")
            && text.dropFirst().firstIndex(of: "$") == nil
        // What is no YAML stays a text.
        guard isOneVariable, let document = try? YAML.documents(Array(filled.utf8)).first else {
            return .string(filled)
        }
        switch document.value {
        case .bool, .number: return document.value
        default: return .string(filled)
        }
    }

    private func expand(_ text: String) throws(KustomizeBuild.Fault) -> String {
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$$") {
                result += "$"
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw .failed("variable substitution failed: '${' without '}'")
                }
                result += try value(of: rest[..<end].dropFirst(2))
                rest = rest[rest.index(after: end)...]
            } else {
                result.append("$")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private func value(of expression: Substring) throws(KustomizeBuild.Fault) -> String {
        let name = expression.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let rest = expression.dropFirst(name.count)
        guard !name.isEmpty else {
            throw .failed("variable substitution failed: '${\(expression)}' names no variable")
        }
        let value = values[String(name)]
        if rest.isEmpty { return value ?? "" }
        guard rest.hasPrefix(":-") || rest.hasPrefix(":=") else {
            throw .failed("the sandbox does not play the substitution '${\(expression)}'")
        }
        return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2))
    }
}
