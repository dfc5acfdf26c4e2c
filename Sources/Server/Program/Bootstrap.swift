import Domain
import Secrets
import Storage
import Telemetry

/// What the first process of an installation does once: check the key, make the first token.
struct Bootstrap {
    let storage: Storage
    let keyring: Keyring
    let directory: DataDirectory

    /// Refuses a key that is not the one with which this database's secrets were sealed; saves a
    /// new one where the database is new as well.
    ///
    /// - Throws: `StartFault` that names the file.
    func checkKey() async throws {
        if let fresh = keyring.unsaved { try await save(fresh) }
        let own = Array(keyring.fingerprint.utf8)
        let stored = try await storage.settings.value(
            of: SettingStore.sealingCheck,
            orFirst: own
        )
        guard stored == own else {
            throw StartFault(
                """
                \(directory.secretKey) is not the key of this database: copy the key file of \
                the process that started first (the database's key has the fingerprint \
                \(String(decoding: stored, as: UTF8.self)), this one \(keyring.fingerprint))
                """
            )
        }
    }

    /// Writes a new key, unless the database's secrets were sealed with another.
    private func save(_ fresh: String) async throws {
        let file = directory.secretKey
        if let stored = try await storage.settings.value(of: SettingStore.sealingCheck) {
            throw StartFault(
                """
                the key file is missing: expected \(file), with the key of this database \
                (fingerprint \(String(decoding: stored, as: UTF8.self))); put it there from the \
                backup, or from a process that shares the database. A new key could not open what \
                the old one sealed, so none was made
                """
            )
        }
        guard try directory.create(file, fresh) else {
            throw StartFault("another process made \(file) just now; start again")
        }
    }

    /// Leaves an administrator's token in the data directory, unless the database knows one.
    ///
    /// The file is written first: a crash in between leaves a token that does nothing, and the
    /// next start makes it valid.
    ///
    /// - Returns: whether the token became valid now.
    func makeAdminToken() async throws -> Bool {
        _ = try directory.create(directory.adminToken, Token.generate(.root).revealedText())
        guard let text = try directory.read(directory.adminToken),
            let secret = try? Token(parsing: text)  // Anything else is not ours to judge.
        else {
            throw StartFault(
                "\(directory.adminToken) does not hold a token; remove it and start again"
            )
        }
        let now = Moment.now()
        var random = SecureRandom()
        let token = AccessToken(
            id: TokenID(at: now, using: &random),
            name: "admin",
            prefix: secret.hint,
            role: .platformAdmin,
            tenant: nil,
            createdAt: now,
            createdBy: "system",
            expiresAt: nil
        )
        let call = Call.system("bootstrap", requestID: "start", at: now)
        let event = EventID(at: now, using: &random)
        return try await storage.tokens.bootstrap(
            token,
            hash: secret.hash,
            event: event,
            for: call
        )
    }
}

/// The wall clock.
enum Moment {
    /// Now, by the system's clock.
    static func now() -> Instant {
        Instant(microseconds: LogSink.systemClock())
    }
}
