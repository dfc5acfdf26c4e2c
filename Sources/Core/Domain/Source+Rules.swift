import JSON

/// What news are to come to, by the rules of their source.
package enum HookAction: Sendable, Equatable {
    /// Nothing, for that reason.
    case nothing(String)
    /// Somebody must approve this revision of a pull request from a fork first.
    case hold
    /// The environment is made or brought to the order.
    case refresh(EnvironmentName, EnvironmentOrder)
    /// The environment goes, if it is there and belongs to what the news are about.
    case delete(EnvironmentName)
    /// The rules come to a name that is none.
    case refuse(String)
}

extension Source {
    /// What the news are to come to.
    package func action(for event: HookEvent, known thread: SourceThread) -> HookAction {
        switch event.subject {
        case .pullRequest(let news): action(for: news, known: thread)
        case .branch(let news): action(for: news)
        case .ping, .other: .nothing("There is nothing to do.")
        }
    }

    /// The name that the rules come to where another branch has the one that they come to at first;
    /// nil where they do not name environments by their branches.
    package func otherName(for event: HookEvent) -> EnvironmentName? {
        let pattern: SourcePattern
        var values: [SourcePattern.Variable: String] = [:]
        let branch: String
        switch event.subject {
        case .pullRequest(let news):
            pattern = spec.pullRequests.name
            branch = news.branch
            values[.pullRequest] = String(news.number)
            values.merge(Self.values(of: news.revision)) { $1 }
        case .branch(let news):
            guard let rule = spec.branches.first(where: { $0.matches(news.name) }) else {
                return nil
            }
            pattern = rule.environment
            branch = news.name
            values.merge(Self.values(of: news.revision ?? "")) { $1 }
        case .ping, .other: return nil
        }
        values[.branch] = SourcePattern.slug(of: branch)
        let first = pattern.filled(with: values)
        values[.branch] = SourcePattern.markedSlug(of: branch)
        let other = pattern.filled(with: values)
        // What is no name helps nobody.
        return other == first ? nil : try? EnvironmentName(parsing: other)
    }

    private func action(for news: PullRequestNews, known thread: SourceThread) -> HookAction {
        let rule = spec.pullRequests
        guard rule.isEnabled else { return .nothing("Pull requests make no environments here.") }
        var values: [SourcePattern.Variable: String] = [
            .pullRequest: String(news.number), .branch: SourcePattern.slug(of: news.branch),
        ]
        values.merge(Self.values(of: news.revision)) { $1 }
        let text = rule.name.filled(with: values)
        // The rest of the sentence says what a name is.
        guard let name = try? EnvironmentName(parsing: text) else { return Self.refusal(of: text) }
        if news.action == .closed { return .delete(thread.environment ?? name) }
        if news.isFork, rule.forks == .ignore {
            return .nothing("Pull requests from forks make no environments here.")
        }
        if news.isDraft, !rule.drafts { return .nothing("Drafts make no environments here.") }
        if !rule.labels.isEmpty, !rule.labels.contains(where: news.labels.contains) {
            let wanted = rule.labels.joined(separator: ", ")
            return .nothing("It has none of the labels \(wanted).")
        }
        let isKnown = thread.isOpen && thread.revision == news.revision
        if news.action == .edited, rule.labels.isEmpty, thread.environment != nil, isKnown {
            return .nothing("Nothing changed that its environment is made from.")
        }
        if news.isFork, thread.approved != news.revision { return .hold }
        var order = order(images: rule.images, values, lifetime: rule.lifetime)
        order.type = .ephemeral
        order.rest.source = EnvironmentSource(
            repository: Self.page(news.repositoryURL),
            ref: "refs/heads/\(news.branch)",
            revision: news.revision,
            pullRequest: news.number
        )
        return .refresh(name, order)
    }

    private func action(for news: BranchNews) -> HookAction {
        guard let rule = spec.branches.first(where: { $0.matches(news.name) }) else {
            return .nothing("No rule is about the branch \(news.name).")
        }
        var values: [SourcePattern.Variable: String] = [
            .branch: SourcePattern.slug(of: news.name)
        ]
        values.merge(Self.values(of: news.revision ?? "")) { $1 }
        let text = rule.environment.filled(with: values)
        // The rest of the sentence says what a name is.
        guard let name = try? EnvironmentName(parsing: text) else { return Self.refusal(of: text) }
        guard let revision = news.revision else {
            guard rule.type == .ephemeral else {
                return .nothing("The environment outlives its branch: it is a \(rule.type) one.")
            }
            return .delete(name)
        }
        var order = order(images: rule.images, values, lifetime: EnvironmentLifetime())
        order.type = rule.type
        order.rest.source = EnvironmentSource(
            repository: Self.page(news.repositoryURL),
            ref: "refs/heads/\(news.name)",
            revision: revision
        )
        return .refresh(name, order)
    }

    private func order(
        images: [String: SourcePattern],
        _ values: [SourcePattern.Variable: String],
        lifetime: EnvironmentLifetime
    ) -> EnvironmentOrder {
        var order = EnvironmentOrder(template: spec.template)
        order.rest.service = spec.service
        order.rest.parameters = spec.parameters
        order.rest.lifetime = lifetime
        order.rest.images = EnvironmentImages(
            images.map { name, pattern in
                EnvironmentImages.Image(name: name, reference: pattern.filled(with: values))
            }
        )
        return order
    }

    /// The web page of a repository, where an environment can name it as its source.
    package static func page(_ url: String?) -> String? {
        guard let url, url.hasPrefix("https://"), !url.contains("@"), !url.contains("?"),
            url.utf8.count <= EnvironmentSource.lengthMax
        else { return nil }
        return url
    }

    private static func values(of revision: String) -> [SourcePattern.Variable: String] {
        [.revision: revision, .revisionShort: String(revision.prefix(8))]
    }

    private static func refusal(of text: String) -> HookAction {
        .refuse("The rules of the source come to the name `\(text.prefix(80))`, which is none.")
    }
}

extension Environment {
    /// Whether the environment was made from what that source names: the pull request of the
    /// repository, or its branch.
    package func belongs(to source: EnvironmentSource) -> Bool {
        guard let own = spec.source, own.pullRequest == source.pullRequest,
            Self.repository(of: own) == Self.repository(of: source)
        else { return false }
        return source.pullRequest != nil || own.ref == source.ref
    }

    /// Whether it was, or nobody said from what and so it may become its own.
    ///
    /// A rule about branches names its environments: they may have been another branch's before,
    /// but never a pull request's or another repository's.
    package func mayBelong(to source: EnvironmentSource) -> Bool {
        guard let own = spec.source else {
            return source.pullRequest == nil || spec.type == .ephemeral
        }
        guard source.pullRequest == nil else { return belongs(to: source) }
        let repository = Self.repository(of: own)
        return own.pullRequest == nil
            && (repository == nil || repository == Self.repository(of: source))
    }

    /// Whether it was made from another branch of the repository than that source names.
    package func isOfAnotherBranch(than source: EnvironmentSource) -> Bool {
        guard let own = spec.source, own.pullRequest == nil, source.pullRequest == nil,
            let ref = own.ref
        else { return false }
        return ref != source.ref
    }

    private static func repository(of source: EnvironmentSource) -> String? {
        source.repository.flatMap(PipelineGrant.source)
    }
}
