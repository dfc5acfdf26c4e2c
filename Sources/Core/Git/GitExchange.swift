/// One request of a Git client, free of HTTP types.
package struct GitExchange: Sendable {
    /// What the client wants.
    package enum Service: String, Sendable {
        case uploadPack = "git-upload-pack"
        case receivePack = "git-receive-pack"
    }

    /// Which half of the protocol this is.
    package enum Phase: Sendable {
        /// `GET …/info/refs?service=…`
        case advertisement
        /// `POST …/git-upload-pack` or `…/git-receive-pack`
        case negotiation
    }

    /// What the client wants.
    package var service: Service
    /// Which half of the protocol this is.
    package var phase: Phase
    /// The bare repository.
    package var repository: String
    /// The `Git-Protocol` header, when there is one.
    package var protocolHeader: String?
    /// Whose exchange it is: a tenant or a token; each gets a share of what runs at once.
    package var caller: String
    /// Whether the request body is compressed (`Content-Encoding: gzip`).
    package var isCompressed: Bool
    /// Whether the default branch is not the caller's to move.
    package var isGuarded = false
    /// The next piece of the request body, nil at its end.
    package var read: @Sendable () async throws -> [UInt8]?
    /// Listens to the request as `git` gets it, decompressed where it was compressed.
    package var hear: @Sendable ([UInt8]) -> Void
    /// Takes the next piece of the response body; suspends while the client is slow.
    package var write: @Sendable ([UInt8]) async throws -> Void

    /// One request with its two streams.
    package init(
        service: Service,
        phase: Phase,
        repository: String,
        protocolHeader: String?,
        caller: String,
        isCompressed: Bool,
        read: @escaping @Sendable () async throws -> [UInt8]?,
        hear: @escaping @Sendable ([UInt8]) -> Void = { _ in },
        write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.service = service
        self.phase = phase
        self.repository = repository
        self.protocolHeader = protocolHeader
        self.caller = caller
        self.isCompressed = isCompressed
        self.read = read
        self.hear = hear
        self.write = write
    }

    /// The `Content-Type` of the response.
    package var contentType: String {
        switch phase {
        case .advertisement: "application/x-\(service.rawValue)-advertisement"
        case .negotiation: "application/x-\(service.rawValue)-result"
        }
    }

    /// The `Content-Type` that the request body must have.
    package var requestContentType: String { "application/x-\(service.rawValue)-request" }
}

extension GitExchange {
    /// The program with its arguments; it is run in the repository.
    ///
    /// A push is started by a shell that opens the repository's lock for it.
    var command: (program: String, arguments: [String]) {
        let name = service.rawValue.dropFirst("git-".count)
        var arguments = [String(name), "--stateless-rpc"]
        if phase == .advertisement { arguments.append("--advertise-refs") }
        if service == .uploadPack { arguments.append("--strict") }
        arguments.append(repository)
        guard service == .receivePack, phase == .negotiation else { return ("git", arguments) }
        return ("/bin/sh", ["-c", "\(GitHome.opening)exec git \"$@\"", "git"] + arguments)
    }

    /// The `Git-Protocol` header as `GIT_PROTOCOL`, when it is of the form that Git sends
    /// (gitprotocol-v2: colon-separated keys and values).
    ///
    /// Anything else is left out.
    var protocolVariable: String? {
        guard let protocolHeader, protocolHeader.utf8.count <= 256 else { return nil }
        let isClean = protocolHeader.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3D, 0x5F: true
            default: false
            }
        }
        return isClean ? protocolHeader : nil
    }

    /// Whether the other side speaks version 2, whose advertisement has no service line.
    var isVersion2: Bool { protocolVariable?.split(separator: ":").contains("version=2") ?? false }

    /// What stands before the advertisement (gitprotocol-http): the service in a line of its own.
    var preamble: [UInt8] {
        guard phase == .advertisement, !isVersion2 else { return [] }
        let line = "# service=\(service.rawValue)\n"
        let length = String(line.utf8.count + 4, radix: 16)
        let digits = String(repeating: "0", count: 4 - length.utf8.count) + length
        return Array("\(digits)\(line)0000".utf8)
    }
}
