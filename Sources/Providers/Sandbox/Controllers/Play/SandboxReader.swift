import JSON

/// What reads the management repository in the sandbox.
package struct SandboxReader: Sendable {
    /// The programs that do.
    package enum Engine: Sendable { case flux, argocd }

    /// What the reader and its source are called.
    private static let name = "slipway-management"

    private let engine: Engine
    private let url: String
    private let branch: String
    private let folder: String

    /// That engine, reading that folder of the repository of that clone URL.
    package init(_ engine: Engine, of url: String, branch: String = "main", folder: String) {
        self.engine = engine
        self.url = url
        self.branch = branch
        self.folder = folder
    }

    /// What makes the engine read.
    var manifests: [JSON] {
        switch engine {
        case .flux: [source, kustomization]
        case .argocd: [application]
        }
    }

    private func flux(_ group: String, _ kind: String, _ spec: JSON) -> JSON {
        let version = "\(group).toolkit.fluxcd.io/v1"
        return .manifest(version, kind, Self.name, in: "flux-system", ["spec": spec])
    }

    private var source: JSON {
        let reference: JSON = ["branch": .string(branch)]
        let spec: JSON = ["interval": "10s", "url": .string(url), "ref": reference]
        return flux("source", "GitRepository", spec)
    }

    private var kustomization: JSON {
        let spec: JSON = [
            "interval": "1m0s", "retryInterval": "5s", "path": .string("./\(folder)"),
            "prune": true, "sourceRef": ["kind": "GitRepository", "name": .string(Self.name)],
        ]
        return flux("kustomize", "Kustomization", spec)
    }

    private var application: JSON {
        let source: JSON = [
            "repoURL": .string(url), "path": .string(folder), "targetRevision": .string(branch),
        ]
        let spec: JSON = [
            "project": "default", "source": source,
            "destination": ["server": "https://kubernetes.default.svc", "namespace": "argocd"],
            "syncPolicy": ["automated": ["prune": true, "selfHeal": true, "allowEmpty": true]],
        ]
        let version = "argoproj.io/v1alpha1"
        return .manifest(version, "Application", Self.name, in: "argocd", ["spec": spec])
    }
}
