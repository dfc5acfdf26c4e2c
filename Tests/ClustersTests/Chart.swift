import JSON
import Secrets
import YAML

/// What the vCluster chart makes of a release, as far as anybody looks at it.
struct Chart: Sendable {
    private let name: String
    private let namespace: String

    init(_ name: String, in namespace: String) {
        self.name = name
        self.namespace = namespace
    }

    var objects: [JSONObject] {
        [secret, service, statefulSet, pod].compactMap(\.object)
    }

    private func metadata(_ name: String, _ labels: JSON) -> JSON {
        ["name": .string(name), "namespace": .string(namespace), "labels": labels]
    }

    private var labels: JSON { ["app": "vcluster", "release": .string(name)] }

    private var secret: JSON {
        let kubeconfig: JSON = [
            "apiVersion": "v1", "kind": "Config", "current-context": "a",
            "clusters": [["name": "a", "cluster": ["server": "https://vcluster.example.com"]]],
            "users": [["name": "a", "user": ["token": "played"]]],
            "contexts": [["name": "a", "context": ["cluster": "a", "user": "a"]]],
        ]
        return [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata("vc-\(name)", labels),
            "data": ["config": .string(Base64.encode(YAML.text(kubeconfig)))],
        ]
    }

    private var service: JSON {
        [
            "apiVersion": "v1", "kind": "Service",
            "metadata": metadata(
                name,
                [
                    "app": "vcluster", "release": .string(name),
                    "vcluster.loft.sh/service": "true",
                ]
            ),
            "spec": ["ports": [["name": "https", "port": 443, "protocol": "TCP"]]],
        ]
    }

    private var statefulSet: JSON {
        [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata(name, labels),
            "spec": [
                "replicas": 1, "serviceName": .string("\(name)-headless"),
                "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": ["containers": [["name": "syncer", "image": "vcluster"]]],
                ],
            ],
        ]
    }

    /// Something that runs in the virtual cluster, as its host sees it.
    private var pod: JSON {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": metadata(
                "web-x-default-x-\(name)",
                ["vcluster.loft.sh/managed-by": .string(name)]
            ),
            "spec": ["containers": [["name": "web", "image": "web"]]],
        ]
    }
}

/// Objects as files hold them.
enum Manifests {
    /// The one object of a YAML file; nothing where it holds something else.
    static func object(_ bytes: [UInt8]) -> JSONObject {
        // What is no object has no name and is skipped.
        let json = try? YAML.parse(bytes)
        return json?.object ?? JSONObject()
    }
}
