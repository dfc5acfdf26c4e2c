package import Logging

/// A private PostgreSQL under a data directory, reachable over a unix socket only. Its methods
/// block: not for a loop's thread.
package final class EmbeddedServer: Sendable {
    /// Where the server lives and how it runs.
    package struct Configuration: Sendable {
        /// The data directory; the server's files go to `postgres` in it.
        package var directory: String
        /// False for tests only: a crash of the machine may then lose everything.
        package var isDurable = true

        package init(directory: String) {
            self.directory = directory
        }
    }

    package init(_ configuration: Configuration, logger: Logger) {
        preconditionFailure("not built yet")
    }

    /// Where the running server is found.
    package var connection: ConnectionString {
        preconditionFailure("not built yet")
    }

    /// Makes the database when there is none, starts the server and returns when it takes
    /// connections. From then on a server that dies is started again.
    ///
    /// - Throws: `EmbeddedServerFault`, whose description says what to do.
    package func start() throws(EmbeddedServerFault) {
        preconditionFailure("not built yet")
    }

    /// Stops the server, ending its sessions, and returns when it is gone.
    package func stop() {
        preconditionFailure("not built yet")
    }
}

/// Why the private PostgreSQL does not run; each says what to do.
package struct EmbeddedServerFault: Error, Equatable, CustomStringConvertible {
    /// Sentences for the person who starts the program.
    package let description: String
}
