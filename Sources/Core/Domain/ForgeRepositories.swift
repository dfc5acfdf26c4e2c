/// How a forge keeps repositories of tenants.
package struct ForgeRepositories: Sendable, Hashable {
    /// The most rules for owners beside the usual one.
    package static let ownersMax = 20
    /// The most characters of an owner.
    package static let ownerLengthMax = 255
    /// The most characters of an SSH key: one of RSA with 16,384 bits has some 13,000.
    package static let keyLengthMax = 16_384

    /// Who may see the repositories.
    package enum Visibility: String, Sendable, CaseIterable {
        case `private`
        /// Everybody with an account; `private` where the forge knows no such thing.
        case `internal`
        case `public`
    }

    /// How Slipway's commits get there.
    package enum Push: String, Sendable, CaseIterable {
        /// With the forge's token.
        case https
        /// With a key of its own.
        case ssh
    }

    /// The organization, group or user that owns the repositories of tenants that name no other.
    package var owner: String
    /// Which others tenants may name.
    package var owners: [Wildcard]
    /// Who may see what is made.
    package var visibility: Visibility
    /// How commits get there.
    package var push: Push
    /// By what the forge's SSH server is known; empty where it is reached over HTTPS alone.
    package var knownHosts: [KnownHost]
    /// Whether there is a key to push with.
    package var hasKey: Bool

    /// Repositories of that owner.
    package init(
        owner: String,
        owners: [Wildcard] = [],
        visibility: Visibility = .private,
        push: Push = .https,
        knownHosts: [KnownHost] = [],
        hasKey: Bool = false
    ) {
        self.owner = owner
        self.owners = owners
        self.visibility = visibility
        self.push = push
        self.knownHosts = knownHosts
        self.hasKey = hasKey
    }

    /// Whether tenants may have repositories of that owner.
    ///
    /// Forges tell no upper from lower case in names of owners, and neither does the rule.
    package func allows(owner other: String) -> Bool {
        let other = other.lowercased()
        return owner.lowercased() == other
            || owners.contains { Wildcard($0.description.lowercased()).matches(other) }
    }

    /// Whether the text can be an owner: for GitLab a group within groups, too.
    package static func isOwner(_ text: String, on kind: ForgeKind) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= ownerLengthMax && (kind == .gitlab || parts.count == 1)
            && parts.allSatisfy { isName(String($0)) }
    }

    /// Whether the text can be the name of a repository, or one part of its owner's.
    package static func isName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
        guard let first = text.utf8.first, isPlain(first), text.utf8.count <= 100 else {
            return false
        }
        return !text.hasSuffix(".git") && !text.hasSuffix(".")
            && text.utf8.allSatisfy { isPlain($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}

/// One line of a `known_hosts` file (sshd(8)): a host and the key by which it is known.
package struct KnownHost: Sendable, Hashable {
    /// The most lines for one forge.
    package static let countMax = 10
    /// The most characters of a line.
    package static let lengthMax = 2_048

    /// The host, without brackets.
    package let host: String
    /// The port; nil for 22.
    package let port: Int?
    /// The line as it was written: one host, a type and a key.
    package let line: String

    /// Reads one line: no markers, hashes, patterns or lists of hosts, so that it says where the
    /// server is.
    package init(parsing line: String) throws(KnownHostFault) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count >= 3, line.utf8.count <= Self.lengthMax,
            line.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw KnownHostFault() }
        var name = parts[0]
        var port: Int?
        if name.hasPrefix("["), let end = name.firstRange(of: "]:") {
            guard let number = Int(name[end.upperBound...]), (1...65_535).contains(number),
                !name[end.upperBound...].hasPrefix("+")
            else { throw KnownHostFault() }
            port = number == 22 ? nil : number
            name = name[name.index(after: name.startIndex)..<end.lowerBound]
        }
        let isHost = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
        let isKey = parts[2].utf8.count >= 40 && !parts[1].hasPrefix("-")
        guard isHost, let first = name.utf8.first, first != UInt8(ascii: "-"), isKey else {
            throw KnownHostFault()
        }
        host = String(name)
        self.port = port
        self.line = parts[0..<3].joined(separator: " ")
    }

    /// The key of github.com, as GitHub publishes it (docs.github.com, "GitHub's SSH key
    /// fingerprints").
    package static let github =
        "github.com ssh-ed25519 "
        + "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
}

/// A line that is none of `known_hosts`.
package struct KnownHostFault: Error, Equatable {
    /// What is expected, as a sentence.
    package var detail: String {
        "Expected a line of known_hosts with one host: `git.example.com ssh-ed25519 AAAA…`, with "
            + "another port `[git.example.com]:2222 ssh-ed25519 AAAA…`; see ssh-keyscan(1)."
    }
}

/// Where one repository of a forge is.
package struct ForgePlace: Sendable, Hashable {
    /// The owner and the name.
    package var path: String
    /// Where people look at it.
    package var webURL: String
    /// From where people clone it.
    package var cloneURL: String
    /// Whereto Slipway pushes.
    package var pushURL: String
    /// From where clusters read it.
    package var readURL: String
}

extension ForgeSpec {
    /// Where the repository of that owner and name is; nil where the forge keeps none.
    ///
    /// Made out of the forge's own address, never of what it answers: credentials go nowhere else.
    package func place(owner: String, name: String) -> ForgePlace? {
        guard let repositories else { return nil }
        let path = "\(owner)/\(name)"
        let web = "\(webURL)/\(path)"
        let clone = "\(web).git"
        let ssh = repositories.knownHosts.first.map { known in
            "ssh://git@\(known.host)\(known.port.map { ":\($0)" } ?? "")/\(path).git"
        }
        return ForgePlace(
            path: path,
            webURL: web,
            cloneURL: clone,
            pushURL: repositories.push == .ssh ? ssh ?? clone : clone,
            readURL: readsByKey ? ssh ?? clone : clone
        )
    }

    /// Whether clusters read with a key: GitLab alone has tokens for one repository.
    package var readsByKey: Bool { kind != .gitlab }

    /// The pages of the forge, beside which its API is.
    package var webURL: String {
        for suffix in ["/api/v1", "/api/v3", "/api/v4"] where url.hasSuffix(suffix) {
            return String(url.dropLast(suffix.utf8.count))
        }
        return url.replacing("://api.", with: "://", maxReplacements: 1)
    }
}
