import Contract
import Domain
import Folders
import JSON
import Kubernetes
import Secrets

/// The Secrets that an offering needs and Git must not hold, in the namespace of a service.
///
/// A value is made for the call that creates its Secret, and kept nowhere else.
struct ServiceSecrets: Sendable {
    /// The most Secrets that are removed for one label.
    private static let removedMax = 200

    let namespace: String
    let client: KubernetesClient
    /// Whose namespace it is; tenants share that of the platform, where one's Secrets are nobody
    /// else's.
    let place: Offering.Place

    init(at site: ServiceSite) async throws(ProviderFault) {
        namespace = site.spot.namespace
        client = try await site.client()
        place = site.spot.place
    }

    /// Creates what is not there; what there is stays as it is.
    ///
    /// - Returns: what is still missing, and who can put it there; nil where nothing is.
    /// - Throws: `.refused` where one of the name was made for another tenant, service or binding.
    func put(
        _ secrets: [OfferingSecret],
        labelled labels: JSONObject,
        _ context: StepContext
    ) async throws(ProviderFault) -> Wait? {
        var lack: Wait?
        for secret in secrets {
            let key = ObjectKey(GroupKind(kind: "Secret"), namespace: namespace, name: secret.name)
            var found = try await client.found(key)
            let own = secret.data.filter { !$0.isGiven }
            if found == nil, !own.isEmpty {
                try context.continueOrStop()
                found = try await create(secret, own, key, labels)
            }
            if place == .platform, !own.isEmpty, let found { try refuse(found, unless: labels) }
            let data = found?.json["data"]
            let missing = secret.data.first { data?[$0.key]?.string?.isEmpty ?? true }
            if let missing, lack == nil { lack = wait(for: missing, of: secret.name) }
        }
        return lack
    }

    private func refuse(
        _ found: KubernetesObject,
        unless labels: JSONObject
    ) throws(ProviderFault) {
        guard labels.contains(where: { found.labels[$0.key] != $0.value.string }) else { return }
        throw .refused(
            reason: "\(found.key) is there and was made for something else; whoever runs the "
                + "platform removes it"
        )
    }

    private func wait(for entry: OfferingSecret.Entry, of name: String) -> Wait {
        let place = "key \(entry.key) of the Secret \(name) in namespace \(namespace)"
        guard case .given(let what) = entry.value else {
            return Wait(
                on: "\(place), which is there without it",
                releasedBy: "whoever made that Secret: add the key, or remove the Secret"
            )
        }
        return Wait(on: "\(place): \(what)", releasedBy: "whoever puts it there")
    }

    /// Makes one, or finds that another process has made it meanwhile.
    private func create(
        _ secret: OfferingSecret,
        _ own: [OfferingSecret.Entry],
        _ key: ObjectKey,
        _ labels: JSONObject
    ) async throws(ProviderFault) -> KubernetesObject? {
        var data = JSONObject()
        for (key, value) in Self.values(of: own) {
            data[key] = .string(Base64.encode(Array(value.utf8)))
        }
        let object: JSONObject = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": .string(secret.name), "namespace": .string(namespace),
                "labels": .object(labels),
            ],
            "type": .string(secret.type), "data": .object(data),
        ]
        do throws(KubernetesFault) {
            return try await client.create(object).object
        } catch .alreadyExists {
            return try await client.found(key)
        } catch {
            throw error.providerFault.about("\(key)")
        }
    }

    /// The values of the keys, random ones anew.
    static func values(of entries: [OfferingSecret.Entry]) -> [String: String] {
        var values: [String: String] = [:]
        for entry in entries {
            if case .random(let count) = entry.value { values[entry.key] = random(count) }
        }
        var texts: [String: String] = [:]
        for entry in entries {
            if case .text(let text) = entry.value { texts[entry.key] = text }
        }
        return KeyTexts(texts: texts).filled(beside: values)
    }

    /// Letters and digits, with a lower-case letter, an upper-case one and a digit amongst them.
    static func random(_ count: Int) -> String {
        let kinds = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"]
            .map { Array($0.utf8) }
        let all = kinds.flatMap(\.self)
        var generator = SecureRandom()
        func drawn(_ letters: [UInt8]) -> UInt8 {
            letters[Int.random(in: 0..<letters.count, using: &generator)]
        }
        var letters = kinds.map(drawn)
        while letters.count < count { letters.append(drawn(all)) }
        letters.shuffle(using: &generator)
        return String(decoding: letters, as: UTF8.self)
    }

    /// Deletes every Secret with those labels, whoever made it.
    func remove(
        labelled labels: [(String, String)],
        _ context: StepContext
    ) async throws(ProviderFault) {
        let selector = labels.map { "\($0)=\($1)" }.joined(separator: ",")
        let found = try await asking { () async throws(KubernetesFault) in
            try await client.list(
                GroupKind(kind: "Secret"),
                namespace: namespace,
                labels: selector,
                projection: .metadata
            )
        }
        guard found.items.count <= Self.removedMax else {
            throw .refused(
                reason: "\(found.items.count) Secrets of namespace \(namespace) have the labels "
                    + "\(selector); at most \(Self.removedMax) are removed. Remove them by hand, "
                    + "then retry the job"
            )
        }
        for secret in found.items {
            try context.continueOrStop()
            try await asking { () async throws(KubernetesFault) in
                _ = try await client.delete(secret.key, uid: secret.uid)
            }
        }
    }
}

extension OfferingSecret.Entry {
    fileprivate var isGiven: Bool {
        guard case .given = value else { return false }
        return true
    }
}

/// Texts in which `$(key)` stands for another key's value.
struct KeyTexts {
    let texts: [String: String]

    /// The values of all keys: those of `values`, and the texts filled in with them.
    ///
    /// A blueprint in which keys lead in a circle is refused when it is read.
    func filled(beside values: [String: String]) -> [String: String] {
        var filled = values
        for key in texts.keys { filled[key] = value(of: key, beside: values, []) }
        return filled
    }

    private func value(
        of key: String,
        beside values: [String: String],
        _ open: Set<String>
    ) -> String? {
        if let known = values[key] { return known }
        guard let text = texts[key], !open.contains(key) else { return nil }
        return KeyReferences.filled(text) { value(of: $0, beside: values, open.union([key])) }
    }
}
