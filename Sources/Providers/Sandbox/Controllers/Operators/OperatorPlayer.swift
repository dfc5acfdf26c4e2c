import JSON
import Secrets

/// Plays the operator of one kind, as far as those see it who order what it makes: a status that
/// becomes ready, and Secrets.
struct OperatorPlayer: Player {
    /// On Secrets that stay when the object goes: whose they are.
    private static let mark = "sandbox.slipway.dev/written-for"

    let part: OperatorPart

    var name: String { "\(part.kind.name.lowercased())-operator" }
    var kind: SandboxKind { part.kind }
    var others: [SandboxKind] { part.secrets.isEmpty && part.needs == nil ? [] : [.secret] }

    /// A Secret that somebody deletes is written anew, as operators do.
    func keys(for change: SandboxChange) -> [SandboxKey] {
        let secret = change.object
        let owner = secret.owners.first { SandboxObject($0).kind == kind }?["name"]?.string
        let name = owner ?? secret.annotations[Self.mark].flatMap(named)
        return name.map { [SandboxKey(kind, secret.namespace, $0)] } ?? []
    }

    private func named(_ mark: String) -> String? {
        let prefix = "\(kind)/"
        return mark.hasPrefix(prefix) ? String(mark.dropFirst(prefix.count)) : nil
    }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        if let finalizer = part.finalizer {
            let isHeld = object.isDeleting && scene.suffers(.deletionStuck, object) != nil
            guard !isHeld else { return }
            try await scene.finalizer(finalizer, !object.isDeleting, on: object)
        }
        guard !object.isDeleting else { return }
        if let why = scene.suffers(.fails, object) {
            return try await report(object, false, "Failed", why, scene) { $0.failed ?? $0.coming }
        }
        if let why = try await obstacle(object, scene) {
            return try await report(object, false, "Progressing", why, scene) { $0.coming }
        }
        for secret in part.secrets {
            if secret.isCopied, let namespace = try await remoteNamespace(of: object, scene) {
                let lack = try await copy(from: namespace, for: object, scene)
                if let lack {
                    return try await report(object, false, "SecretSyncedError", lack, scene) {
                        $0.coming
                    }
                }
            } else {
                try await write(secret, for: object, scene)
            }
        }
        try await report(object, true, "Ready", "", scene) { $0.ready }
    }

    /// What keeps it from being ready; nil where nothing does.
    private func obstacle(
        _ object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        if let why = scene.suffers(.neverReady, object) { return why }
        if let needs = part.needs, let name = JSON.object(object.json).value(at: needs)?.string,
            try await scene.cluster.get(SandboxKey(.secret, object.namespace, name)) == nil
        {
            scene.lookSoon()
            return "there is no Secret \(name)"
        }
        let step = SandboxPace.Step.operating
        return scene.hasPassed(step, since: object.creationTime, for: object)
            ? nil : "it is being made"
    }

    private func report(
        _ object: SandboxObject,
        _ isReady: Bool,
        _ reason: String,
        _ why: String,
        _ scene: Scene,
        _ value: (OperatorPart.Field) -> JSON?
    ) async throws(SandboxStatus) {
        let facts = part.conditions.map { Fact($0, isReady, reason, why) }
        try await scene.report(object, facts) { object in
            object.count(object.generation, "observedGeneration")
            for field in part.fields { object.status[field.name] = value(field) }
        }
    }

    private func write(
        _ secret: OperatorSecret,
        for object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let json = JSON.object(object.json)
        let named = secret.name.text(of: object)
        let name = named.isEmpty ? object.name : named
        guard try await scene.cluster.get(SandboxKey(.secret, object.namespace, name)) == nil else {
            return
        }
        var data = JSONObject()
        for (key, word) in secret.data { data[key] = .string(word.text(of: object)) }
        let further = secret.keys.flatMap { json.value(at: $0)?.array } ?? []
        for key in further.compactMap({ $0["secretKey"]?.string }) {
            data[key] = .string(OperatorSecret.Word.random.text(of: object))
        }
        var metadata: JSONObject = [:]
        metadata["labels"] = secret.labels.flatMap { json.value(at: $0) }
        let mark = [Self.mark: "\(kind)/\(object.name)"]
        try await scene.make(
            .manifest(
                "v1",
                "Secret",
                name,
                in: object.namespace,
                annotations: secret.isOwned ? [:] : mark,
                owner: secret.isOwned ? object.reference() : nil,
                [
                    "metadata": .object(metadata), "type": .string(secret.type),
                    "stringData": .object(data),
                ]
            )
        )
    }
}

extension OperatorSecret.Word {
    /// How many letters and digits are drawn.
    private static let randomCount = 24

    func text(of object: SandboxObject) -> String {
        switch self {
        case .name(let end): object.name + end
        case .text(let text): text
        case .field(let pointer, let other):
            JSON.object(object.json).value(at: pointer)?.string ?? other
        case .random: Self.draw()
        case .certificate: Self.pem("CERTIFICATE")
        case .privateKey: Self.pem("PRIVATE KEY")
        }
    }

    /// Letters and digits by chance.
    static func draw() -> String {
        String(Base64.encode(SecureRandom.bytes(randomCount)).filter(\.isLetter))
    }

    private static func pem(_ what: String) -> String {
        "-----BEGIN \(what)-----\n\(draw())\n-----END \(what)-----\n"
    }
}
