/// What a fork is made of.
package struct ForkRequest: Sendable {
    /// The bare repository of the blueprint.
    package var source: String
    /// The commit whose history the fork keeps.
    package var base: ObjectID
    /// The bare repository to make.
    package var destination: String
    /// The branch the fork starts on, which is also its default branch.
    package var branch: String
    /// The tags of the blueprint to carry over, without `refs/tags/`.
    package var tags: [String]
    /// Whom the fork is for (`RepositoryOwner`).
    package var owner: String
    /// Every file of the fork's own commit.
    package var files: [TreeFile]
    /// What the commit says.
    ///
    /// Equal requests make the equal commit, byte for byte.
    package var text: CommitText

    /// A fork onto `branch`, which defaults to `main`.
    package init(
        source: String,
        base: ObjectID,
        destination: String,
        branch: String = "main",
        tags: [String] = [],
        owner: String,
        files: [TreeFile],
        text: CommitText
    ) {
        self.source = source
        self.base = base
        self.destination = destination
        self.branch = branch
        self.tags = tags
        self.owner = owner
        self.files = files
        self.text = text
    }
}

/// What a fork came to.
package struct ForkReceipt: Equatable, Sendable {
    /// The fork's own commit, whose parent is the base.
    package let commit: ObjectID
    /// False when the same fork was there already.
    package let created: Bool
}
