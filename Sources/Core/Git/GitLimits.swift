/// The limits on what is read from or put into a repository.
package struct GitLimits: Sendable {
    /// Files in one tree.
    package var filesMax = 20_000
    /// Bytes of one file whose content is read.
    package var fileBytesMax = 8 << 20
    /// Bytes of all files of one tree together.
    package var treeBytesMax = 512 << 20
    /// Bytes that a fetch or push may transfer.
    package var packBytesMax = 1 << 30
    /// References that a listing returns, and that a push may leave.
    package var referencesMax = 10_000
    /// Bytes of the list of references at the beginning of a clone, fetch or push: 400 for each of
    /// `referencesMax`.
    package var advertisementBytesMax = 4 << 20
    /// Commits that one walk visits.
    package var commitsMax = 100_000
    /// Refusals that one fault names.
    package var refusalsMax = 100
    /// How often a commit onto a branch is tried again when others commit as well.
    package var commitAttemptsMax = 50

    /// The limits that fit a platform's repository.
    package init() {}
}
