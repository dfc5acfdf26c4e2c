package import JSON

/// What a forge tells of one repository, in the words that all forges share.
package struct HookEvent: Sendable, Equatable {
    /// The most characters of a branch, a label or an address that are read.
    static let textLengthMax = 1_000
    /// The most labels of a pull request that are read.
    static let labelsMax = 100

    /// What it is about.
    package enum Subject: Sendable, Equatable {
        /// A pull request, called merge request on GitLab.
        case pullRequest(PullRequestNews)
        /// A branch.
        case branch(BranchNews)
        /// The forge tries out whether it is heard.
        case ping
        /// Something that makes no environment, such as a comment.
        case other(String)
    }

    /// The repository's path on the forge, such as `acme/shop`.
    package var repository: String
    /// What it is about.
    package var subject: Subject
    /// When it happened, by the forge's clock; nil where the payload does not say.
    package var at: Instant?

    /// News of a repository.
    package init(repository: String, subject: Subject, at moment: Instant?) {
        self.repository = repository
        self.subject = subject
        at = moment
    }

    /// What is kept in order: news of one pull request, or of one branch.
    package var key: String? {
        switch subject {
        case .pullRequest(let news): "pull/\(news.number)"
        case .branch(let news): "heads/\(news.name)"
        case .ping, .other: nil
        }
    }
}

/// What happened to a pull request, and what it is now.
package struct PullRequestNews: Sendable, Equatable {
    /// What happened.
    package enum Action: String, Sendable, CaseIterable {
        /// There is something to look at: opened, reopened, pushed to, ready for review.
        case changed
        /// Its labels or its title changed.
        case edited
        /// It was merged or closed.
        case closed
        /// Something else, such as a review.
        case other
    }

    /// The number that people know it by.
    package var number: Int
    /// What happened.
    package var action: Action
    /// The commit at its head.
    package var revision: String
    /// Its branch.
    package var branch: String
    /// Whether its branch is in another repository, or in one that is gone.
    package var isFork: Bool
    /// Whether it says of itself that it is not ready.
    package var isDraft: Bool
    /// Its labels.
    package var labels: [String]
    /// The web page of its repository; nil where the payload does not say.
    package var repositoryURL: String?

    /// What became of that pull request.
    package init(
        number: Int,
        action: Action,
        revision: String,
        branch: String,
        isFork: Bool,
        isDraft: Bool = false,
        labels: [String] = [],
        repositoryURL: String? = nil
    ) {
        self.number = number
        self.action = action
        self.revision = revision
        self.branch = branch
        self.isFork = isFork
        self.isDraft = isDraft
        self.labels = labels
        self.repositoryURL = repositoryURL
    }
}

/// What was pushed to a branch.
package struct BranchNews: Sendable, Equatable {
    /// The branch.
    package var name: String
    /// The commit that was at its head before, which is all zeros for a new branch; nil where the
    /// payload does not say.
    package var before: String?
    /// The commit at its head; nil where the branch is gone.
    package var revision: String?
    /// The web page of its repository; nil where the payload does not say.
    package var repositoryURL: String?

    /// News of that branch.
    package init(
        name: String,
        before: String? = nil,
        revision: String?,
        repositoryURL: String? = nil
    ) {
        self.name = name
        self.before = before
        self.revision = revision
        self.repositoryURL = repositoryURL
    }
}

extension HookEvent {
    /// The event as it is stored until it is handled, and shown.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("repository", repository)
            writer.member("at", orNull: at?.description)
            switch subject {
            case .pullRequest(let news):
                writer.member("type", "pull-request")
                writer.member("number", news.number)
                writer.member("action", news.action.rawValue)
                writer.member("revision", news.revision)
                writer.member("branch", news.branch)
                writer.member("fork", news.isFork)
                writer.member("draft", news.isDraft)
                writer.key("labels")
                writer.array(news.labels) { $0.string($1) }
                writer.member("url", orNull: news.repositoryURL)
            case .branch(let news):
                writer.member("type", "branch")
                writer.member("branch", news.name)
                writer.member("before", orNull: news.before)
                writer.member("revision", orNull: news.revision)
                writer.member("url", orNull: news.repositoryURL)
            case .ping: writer.member("type", "ping")
            case .other(let name):
                writer.member("type", "other")
                writer.member("name", name)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let repository = document["repository"]?.string else {
            throw DocumentFault(member: "repository")
        }
        let url = document["url"]?.string
        let subject: Subject
        switch document["type"]?.string {
        case "pull-request":
            guard let number = document["number"]?.int else {
                throw DocumentFault(member: "number")
            }
            subject = .pullRequest(
                PullRequestNews(
                    number: number,
                    action: (document["action"]?.string)
                        .flatMap(PullRequestNews.Action.init(rawValue:)) ?? .other,
                    revision: document["revision"]?.string ?? "",
                    branch: document["branch"]?.string ?? "",
                    isFork: document["fork"]?.bool ?? true,
                    isDraft: document["draft"]?.bool ?? false,
                    labels: (document["labels"]?.array ?? []).compactMap(\.string),
                    repositoryURL: url
                )
            )
        case "branch":
            subject = .branch(
                BranchNews(
                    name: document["branch"]?.string ?? "",
                    before: document["before"]?.string,
                    revision: document["revision"]?.string,
                    repositoryURL: url
                )
            )
        case "ping": subject = .ping
        default: subject = .other(document["name"]?.string ?? "")
        }
        self.init(
            repository: repository,
            subject: subject,
            at: Instant(stored: document["at"])
        )
    }
}
