import CGit
import COpenSSL
import CPostgres

/// A system library that the program was started with.
struct Library {
    let name: String
    let version: String

    /// Those that answer for safety: an operator compares them with the distribution's advisories.
    static var inUse: [Library] {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &revision)
        let postgres = PQlibVersion()
        return [
            Library(name: "libgit2", version: "\(major).\(minor).\(revision)"),
            Library(name: "libpq", version: "\(postgres / 10_000).\(postgres % 10_000)"),
            Library(
                name: "openssl",
                version: String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
            ),
        ]
    }
}
