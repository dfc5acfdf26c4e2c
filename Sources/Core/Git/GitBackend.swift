/// Answers stock `git` over its smart HTTP protocol (gitprotocol-http) by child processes.
package final class GitBackend: Sendable {
    /// - Parameters:
    ///   - home: the folder of Git's own configuration file, as for `GitService`.
    ///   - childrenMax: how many children run at once; more wait, then fail with `.busy`.
    package init(home: String, limits: GitLimits = GitLimits(), childrenMax: Int = 16) {
    }

    /// Runs one exchange to its end, streaming in both directions. Call it on a loop.
    ///
    /// A fault thrown before the first `write` can still become an HTTP status; afterwards the
    /// connection must be cut. Cancelling the task kills the child.
    package func serve(_ exchange: GitExchange) async throws(GitFault) {
        preconditionFailure("not built yet")
    }
}

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
    /// Whether the request body is compressed (`Content-Encoding: gzip`).
    package var isCompressed: Bool
    /// The next piece of the request body, nil at its end.
    package var read: @Sendable () async throws -> [UInt8]?
    /// Takes the next piece of the response body; suspends while the client is slow.
    package var write: @Sendable ([UInt8]) async throws -> Void

    package init(
        service: Service,
        phase: Phase,
        repository: String,
        protocolHeader: String?,
        isCompressed: Bool,
        read: @escaping @Sendable () async throws -> [UInt8]?,
        write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.service = service
        self.phase = phase
        self.repository = repository
        self.protocolHeader = protocolHeader
        self.isCompressed = isCompressed
        self.read = read
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
