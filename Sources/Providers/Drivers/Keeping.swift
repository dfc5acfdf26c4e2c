package import JSON

/// Annotations by which Flux and Argo CD leave an object when it is no longer in Git.
package enum Keeping {
    /// Every engine's way to say it.
    package static let annotations: JSON = [
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    ]
}
