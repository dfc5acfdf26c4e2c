import ArgumentParser

/// What this build calls itself.
enum Version {
    /// SemVer; CHANGELOG.md says what changed.
    static let text = "0.1.0"
}

/// `slipway version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version and those of the libraries in use."
    )

    func run() {
        print("slipway \(Version.text)")
        for library in SystemLibrary.inUse { print("\(library.name) \(library.version)") }
    }
}
