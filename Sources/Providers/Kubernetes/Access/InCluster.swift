import Outbound
import Secrets

/// How a program inside of a cluster reaches its API server: what the kubelet puts into its pod.
package struct InCluster: Sendable {
    /// How long files are believed: tokens are replaced in place, about once an hour.
    package static let ageMax = Duration.seconds(60)
    /// Where the kubelet puts the files of the pod's service account.
    package static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

    private let server: ServerAddress
    private let folder: String
    private let readFile: @Sendable (String) async throws -> [UInt8]

    /// Reads the environment.
    ///
    /// - Throws: `.malformed` where the process does not run in a pod.
    package init(
        environment: (String) -> String?,
        folder: String = InCluster.folder,
        readFile: @escaping @Sendable (String) async throws -> [UInt8]
    ) throws(KubernetesFault) {
        guard let host = environment("KUBERNETES_SERVICE_HOST"), !host.isEmpty,
            let port = environment("KUBERNETES_SERVICE_PORT"), !port.isEmpty
        else {
            throw .malformed(
                reason: "Slipway does not run inside of a cluster: KUBERNETES_SERVICE_HOST and "
                    + "KUBERNETES_SERVICE_PORT are not set"
            )
        }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        server = try ServerAddress(parsing: "https://\(name):\(port)")
        self.folder = folder
        self.readFile = readFile
    }

    /// The namespace that the process runs in; nil where that cannot be read.
    package func namespace() async -> String? {
        do throws(KubernetesFault) {
            let name = String(decoding: try await file("namespace"), as: UTF8.self).trimmingSpace
            return name.isEmpty ? nil : name
        } catch {
            return nil
        }
    }

    /// The access as the files have it now.
    package func access() async throws(KubernetesFault) -> ClusterAccess {
        var trust = OutboundTrust()
        trust.authorities = try await file("ca.crt")
        let token = String(decoding: try await file("token"), as: UTF8.self).trimmingSpace
        guard !token.isEmpty else {
            throw .unauthorized(reason: "\(folder)/token is empty")
        }
        return ClusterAccess(server: server, trust: trust, token: SecretBytes(token))
    }

    /// Credentials that follow the files.
    package func credentials(clock: any KubernetesClock = SystemClock()) -> Credentials {
        Credentials(ageMax: Self.ageMax, clock: clock) { () throws(KubernetesFault) in
            try await access()
        }
    }

    private func file(_ name: String) async throws(KubernetesFault) -> [UInt8] {
        do {
            return try await readFile("\(folder)/\(name)")
        } catch {
            throw .unauthorized(reason: "\(folder)/\(name) cannot be read")
        }
    }
}
