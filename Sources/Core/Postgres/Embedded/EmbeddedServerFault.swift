/// Why the private PostgreSQL does not run; the description says what to do.
package struct EmbeddedServerFault: Error, Equatable, CustomStringConvertible {
    /// Sentences for the person who starts the program.
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ failure: SystemFailure) {
        description = failure.description
    }

    static let programsMissing = EmbeddedServerFault(
        """
        PostgreSQL's server programs are not installed. Install them with \
        "apt-get install --yes --no-install-recommends postgresql", or set DATABASE_URL to a \
        server that runs elsewhere.
        """
    )

    static let userMissing = EmbeddedServerFault(
        """
        PostgreSQL does not run as root, and there is no user "postgres" to run it as. Install \
        the package "postgresql", start the program as another user, or set DATABASE_URL.
        """
    )

    static func otherVersion(data: Int, programs: Int) -> EmbeddedServerFault {
        EmbeddedServerFault(
            """
            The data directory was made by PostgreSQL \(data) (see PG_VERSION in it), but only the \
            programs of PostgreSQL \(programs) are installed. Install the older ones with \
            "apt-get install --yes --no-install-recommends postgresql-\(data)"; to move on to \
            \(programs), dump the data with those and load it into a new data directory.
            """
        )
    }

    static func notTraversable(_ folder: String, user: String) -> EmbeddedServerFault {
        EmbeddedServerFault(
            """
            PostgreSQL runs as the user "\(user)", who may not pass through \(folder). Run \
            "chmod o+x \(folder)", choose a data directory elsewhere (such as /var/lib/slipway), \
            or set DATABASE_URL.
            """
        )
    }

    static func inUse(_ directory: String) -> EmbeddedServerFault {
        EmbeddedServerFault(
            """
            Another program of this kind uses the data directory \(directory). Stop it, or give \
            this one a data directory of its own.
            """
        )
    }

    static func initialisation(_ output: String) -> EmbeddedServerFault {
        EmbeddedServerFault("PostgreSQL's initdb failed:\n\(output)\(advice(on: output))")
    }

    static func didNotStart(log: String, path: String) -> EmbeddedServerFault {
        EmbeddedServerFault(
            "PostgreSQL did not start; the end of \(path):\n\(log)\(advice(on: log))"
        )
    }

    /// The last line, for the commonest cause that no change of ours mends.
    private static func advice(on output: String) -> String {
        guard output.contains("No space left on device") else { return "" }
        return """

            No space is left on the disk of the data directory. A new database takes 50 MB, and \
            its log of changes up to 1 GB more: make room, or choose another data directory.
            """
    }
}
