import CGit

/// Whom a repository was made for.
///
/// The mark is in the repository's own `config`, which no push can reach, and is there from the
/// moment that the repository is.
package struct RepositoryOwner: Sendable {
    /// What the mark is called, for `git config`.
    package static let key = "slipway.tenant"

    /// Names the owner, and nobody else ever.
    package var id: String
    /// Whether the owner is known to have a repository; then one without a mark, as it comes back
    /// from a clone, is taken for it.
    package var isKnown: Bool

    /// The owner of that id.
    package init(id: String, isKnown: Bool) {
        self.id = id
        self.isKnown = isKnown
    }
}

extension Repository {
    /// Whether the repository was made for this owner.
    package func belongs(to owner: RepositoryOwner) throws(GitFault) -> Bool {
        let configuration = try Handle("the configuration", release: git_config_free) { [raw] in
            git_repository_config_snapshot(&$0, raw)
        }
        var text: UnsafePointer<CChar>?
        let code = git_config_get_string(&text, configuration.raw, RepositoryOwner.key)
        if code == GIT_ENOTFOUND.rawValue { return owner.isKnown }
        try check(code, "the owner")
        return text.map { String(cString: $0) } == owner.id
    }
}
