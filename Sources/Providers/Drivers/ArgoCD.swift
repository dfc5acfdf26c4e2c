package import Domain
package import JSON

/// What Argo CD is told about clusters and repositories.
///
/// The Secrets hold credentials: they are applied, never committed.
package enum ArgoCD {
    /// How somebody proves to an API server who they are.
    package enum Login: Sendable {
        /// A bearer token.
        case token(String)
        /// A client certificate and its key: PEM in base64, as kubeconfigs have them.
        case certificate(certificate: String, key: String)
    }

    /// How an application is kept at its source.
    package static func syncPolicy(isAutomatic: Bool, options: [JSON]) -> JSON {
        [
            "automated": ["enabled": .bool(isAutomatic), "prune": true, "selfHeal": true],
            "retry": [
                "backoff": ["duration": "5s", "factor": 2, "maxDuration": "3m"],
                "limit": 5,
            ],
            "syncOptions": .array(options),
        ]
    }

    /// The Secret that registers a cluster under its slug.
    ///
    /// `authority` is PEM in base64, as kubeconfigs have it; nil for those that every system
    /// trusts.
    package static func cluster(
        of wish: ClusterWish,
        server: String,
        authority: String?,
        login: Login
    ) -> JSON {
        var tls = JSONObject()
        tls["insecure"] = false
        if let authority { tls["caData"] = .string(authority) }
        var config = JSONObject()
        switch login {
        case .token(let token): config["bearerToken"] = .string(token)
        case .certificate(let certificate, let key):
            tls["certData"] = .string(certificate)
            tls["keyData"] = .string(key)
        }
        config["tlsClientConfig"] = .object(tls)
        return secret(
            "cluster-\(wish.slug)",
            type: "cluster",
            of: wish,
            data: [
                "config": .string(JSON.object(config).text),
                "name": .string(wish.slug),
                "project": .string(PlatformConnection.applicationName(slug: wish.slug)),
                "server": .string(server),
            ]
        )
    }

    /// The Secret with which the platform repository of a cluster is read; `proof` is what is
    /// shown to its server.
    package static func repository(of wish: ClusterWish, url: String, proof: JSON) -> JSON {
        let place: JSON = [
            "project": .string(PlatformConnection.applicationName(slug: wish.slug)),
            "type": "git",
            "url": .string(url),
        ]
        return secret(
            "repository-\(wish.slug)",
            type: "repository",
            of: wish,
            data: place.merging(patch: proof)
        )
    }

    private static func secret(
        _ name: String,
        type: String,
        of wish: ClusterWish,
        data: JSON
    ) -> JSON {
        var labels = wish.labels.object ?? JSONObject()
        labels["argocd.argoproj.io/secret-type"] = .string(type)
        return [
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": [
                "name": .string(name),
                "namespace": .string(wish.engineNamespace(.argocd)),
                "labels": .object(labels),
            ],
            "type": "Opaque",
            "stringData": data,
        ]
    }
}
