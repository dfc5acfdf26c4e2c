import Secrets

/// The keys of an installation, all derived from the one in its data directory.
///
/// Processes that share a database share this key, or what one sealed the other could not open.
struct Keyring: Sendable {
    /// Seals what is kept secret in the database.
    let sealer: Sealer
    /// Signs list cursors.
    let cursors: HMACSHA256
    /// Signs the tokens of the sandbox's clusters.
    let sandbox: [UInt8]
    /// What tells two keys apart without giving either away.
    let fingerprint: String

    /// The key's text where no file holds it yet: it is written once the database is known to have
    /// no other.
    let unsaved: String?

    /// Reads the key; makes one where there is no file, and writes nothing.
    ///
    /// - Throws: `StartFault` when the file holds something else than a key.
    init(in directory: DataDirectory) throws {
        let stored = try directory.read(directory.secretKey)
        let text = stored ?? Hex.encode(SecureRandom.bytes(Sealer.keyByteCount))
        unsaved = stored == nil ? text : nil
        guard let key = Hex.decode(text), key.count == Sealer.keyByteCount else {
            throw StartFault(
                """
                \(directory.secretKey) does not hold a key of \(Sealer.keyByteCount * 2) hex \
                digits; put the installation's key there again (a new one cannot open what the \
                old one sealed)
                """
            )
        }
        let master = HMACSHA256(key: key)
        sealer = Sealer(key: master.subkey(for: "sealed secrets"))
        cursors = HMACSHA256(key: master.subkey(for: "list cursors"))
        sandbox = master.subkey(for: "sandbox tokens")
        fingerprint = Hex.encode(Array(master.subkey(for: "fingerprint").prefix(8)))
    }
}
