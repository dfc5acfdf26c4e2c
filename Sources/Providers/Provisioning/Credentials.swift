import Contract
import Domain
import Folders
import JSON
import Kubernetes
import Secrets

/// The values of one credential, out of the Secrets of its service.
///
/// They are held for one call alone, and never shown by accident.
package struct Credentials: Sendable {
    private let values: [String: SecretBytes]

    /// The keys.
    package var keys: [String] { values.keys.sorted() }

    /// The value of a key, for the one place that must have it.
    package func revealed(_ key: String) -> [UInt8]? { values[key]?.revealed() }

    /// The data of a Secret with those values.
    var data: JSONObject {
        var data = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            data[key] = .string(Base64.encode(value.revealed()))
        }
        return data
    }

    /// Reads the values of the keys.
    ///
    /// - Returns: what is still missing where something is.
    static func read(
        _ rendering: CredentialRendering,
        in namespace: String,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> Result<Credentials, CredentialLack> {
        var values: [String: [UInt8]] = [:]
        var known: [String: [String: [UInt8]]] = [:]
        func data(of name: String) async throws(ProviderFault) -> [String: [UInt8]] {
            if let found = known[name] { return found }
            let key = ObjectKey(GroupKind(kind: "Secret"), namespace: namespace, name: name)
            let found = try await client.found(key)?.json["data"]?.object ?? JSONObject()
            var data: [String: [UInt8]] = [:]
            for member in found { data[member.key] = member.value.string.flatMap(Base64.decode) }
            known[name] = data
            return data
        }
        if let name = rendering.takesAllOf {
            values = try await data(of: name)
            if values.isEmpty { return .failure(CredentialLack("the Secret \(name)", namespace)) }
        }
        var texts: [String: String] = [:]
        for entry in rendering.entries {
            switch entry.source {
            case .text(let text): texts[entry.key] = text
            case .secret(let name, let key):
                guard let value = try await data(of: name)[key], !value.isEmpty else {
                    let what = "key \(key) of the Secret \(name)"
                    return .failure(CredentialLack(what, namespace))
                }
                values[entry.key] = value
            }
        }
        let plain = values.mapValues { String(decoding: $0, as: UTF8.self) }
        let filled = KeyTexts(texts: texts).filled(beside: plain)
        for key in texts.keys { values[key] = Array((filled[key] ?? "").utf8) }
        return .success(Credentials(values: values.mapValues { SecretBytes($0) }))
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "credentials with the keys \(keys)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A credential as it is in its cluster now.
struct PresentCredential: Sendable {
    let credentials: Credentials
    /// The type of the Secret that they are in.
    let type: String
}

/// What keeps a credential from being complete.
struct CredentialLack: Error, Equatable {
    /// What is missing, in words that follow "waiting for".
    let what: String

    init(_ what: String, _ namespace: String) { self.what = "\(what) in namespace \(namespace)" }
}

/// The Secret in which a consumer finds its credential.
struct ConsumerSecret: Sendable {
    /// The label that says which binding it is of.
    private static let label = "slipway.dev/consumer-of"
    /// The annotation that says which of its credentials it holds.
    private static let numberKey = "slipway.dev/credential-number"

    let binding: ServiceBinding
    let namespace: String
    let client: KubernetesClient

    private var key: ObjectKey {
        ObjectKey(GroupKind(kind: "Secret"), namespace: namespace, name: binding.secretName)
    }

    /// What it, and what has it brought, bears.
    var labels: JSONObject {
        [
            "app.kubernetes.io/managed-by": "slipway",
            "slipway.dev/tenant": .string(binding.tenantName.text),
            Self.label: .string(mark),
        ]
    }

    /// What says which credential it holds.
    static func annotations(of number: Int64) -> JSONObject {
        [numberKey: .string("\(number)")]
    }

    private var mark: String { "\(binding.serviceName).\(binding.name)" }

    /// Where it is missing that it is written to; nil where that is there.
    ///
    /// - Throws: `.refused` where a Secret is there that was not made for the binding.
    func obstacle() async throws(ProviderFault) -> Wait? {
        guard let found = try await client.found(.namespace(namespace), projection: .metadata),
            !found.isDeleting
        else {
            return Wait(
                on: "namespace \(namespace) of the consumer to be there",
                releasedBy: "whoever makes the namespace"
            )
        }
        _ = try await own()
        return nil
    }

    /// The Secret; nil where there is none.
    ///
    /// - Throws: `.refused` where one is there that was not made for the binding.
    private func own() async throws(ProviderFault) -> KubernetesObject? {
        guard let found = try await client.found(key, projection: .metadata) else { return nil }
        guard isOurs(found) else {
            throw .refused(
                reason: "\(key) is there and was not made for this binding; remove it, or make "
                    + "another binding that names another one in spec.secret"
            )
        }
        return found
    }

    /// Which credential it holds; nil where there is none of the binding's.
    func number() async throws(ProviderFault) -> Int64? {
        guard let found = try await client.found(key, projection: .metadata), isOurs(found) else {
            return nil
        }
        return Self.number(in: found)
    }

    private static func number(in found: KubernetesObject) -> Int64? {
        found.annotations[numberKey].flatMap { Int64($0) }
    }

    /// Makes it hold that credential, in one write, unless somebody else writes it meanwhile.
    ///
    /// - Throws: `.refused` where a Secret is there that was not made for the binding, or one that
    ///   holds a newer credential already.
    func write(
        _ credentials: Credentials,
        number: Int64,
        type: String,
        _ context: StepContext?
    ) async throws(ProviderFault) {
        let found = try await own()
        if let found, let held = Self.number(in: found), held > number {
            throw .refused(reason: "\(key) holds credential \(held) already")
        }
        try context?.continueOrStop()
        var metadata: JSONObject = [
            "name": .string(key.name), "namespace": .string(namespace),
            "labels": .object(labels), "annotations": .object(Self.annotations(of: number)),
        ]
        metadata["resourceVersion"] = found?.json["metadata"]?["resourceVersion"]
        let object: JSONObject = [
            "apiVersion": "v1", "kind": "Secret", "metadata": .object(metadata),
            "type": .string(type), "data": .object(credentials.data),
        ]
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.apply(object, force: true)
        }
    }

    /// Makes it hold what that credential is now; whether it held something else.
    ///
    /// Keys that others have put into it are theirs.
    func follow(
        _ credentials: Credentials,
        number: Int64,
        type: String
    ) async throws(ProviderFault) -> Bool {
        let found = try await client.found(key)
        let held = found?.json["data"]?.object ?? JSONObject()
        let isSame = !credentials.data.contains { held[$0.key] != $0.value }
        if isSame, found.flatMap(Self.number) == number { return false }
        try await write(credentials, number: number, type: type, nil)
        return true
    }

    /// Deletes it; one that is gone, or somebody else's, is no fault.
    func remove(_ context: StepContext?) async throws(ProviderFault) {
        guard let found = try await client.found(key, projection: .metadata), isOurs(found) else {
            return
        }
        try context?.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.delete(key, uid: found.uid)
        }
    }

    private func isOurs(_ found: KubernetesObject) -> Bool {
        found.labels[Self.label] == mark
            && found.labels["slipway.dev/tenant"] == binding.tenantName.text
    }
}
