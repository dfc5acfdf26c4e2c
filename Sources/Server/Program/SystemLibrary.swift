import CGit
import COpenSSL
import CPostgres

/// A system library that the program was started with.
struct SystemLibrary {
    let name: String
    let version: String

    /// Those that answer for safety: an operator compares them with the distribution's advisories.
    static var inUse: [SystemLibrary] {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &revision)
        let postgres = PQlibVersion()
        return [
            SystemLibrary(name: "libgit2", version: "\(major).\(minor).\(revision)"),
            SystemLibrary(name: "libpq", version: "\(postgres / 10_000).\(postgres % 10_000)"),
            SystemLibrary(
                name: "openssl",
                version: String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
            ),
        ]
    }
}
