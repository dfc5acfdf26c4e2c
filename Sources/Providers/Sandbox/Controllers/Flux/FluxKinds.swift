extension SandboxKind {
    static let gitRepository = SandboxKind("source.toolkit.fluxcd.io", "GitRepository")
    static let ociRepository = SandboxKind("source.toolkit.fluxcd.io", "OCIRepository")
    static let kustomization = SandboxKind("kustomize.toolkit.fluxcd.io", "Kustomization")
    static let helmRelease = SandboxKind("helm.toolkit.fluxcd.io", "HelmRelease")
    static let application = SandboxKind("argoproj.io", "Application")
    static let configMap = SandboxKind("ConfigMap")
}

extension SandboxObject {
    /// What it is called in messages: `flux-system/sources`.
    var place: String { "\(namespace ?? "")/\(name)" }
}
