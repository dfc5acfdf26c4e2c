package import JSON

/// Annotations by which Flux and Argo CD leave an object when it is no longer in Git.
package enum Keeping {
    /// Every engine's way to say it.
    package static let annotations: JSON = [
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    ]

    /// The object with those annotations beside its own: clusters share it, so it outlives them.
    package static func kept(_ object: JSONObject) -> JSONObject {
        var result = object
        var metadata = object["metadata"]?.object ?? JSONObject()
        var all = metadata["annotations"]?.object ?? JSONObject()
        for member in annotations.object ?? JSONObject() { all[member.key] = member.value }
        metadata["annotations"] = .object(all)
        result["metadata"] = .object(metadata)
        return result
    }
}
