import JSON

extension HookPayload {
    /// GitHub: docs.github.com/en/webhooks/webhook-events-and-payloads.
    func github(named name: String, _ repository: String) -> HookEvent {
        switch name {
        case "ping": return HookEvent(repository: repository, subject: .ping, at: nil)
        case "push":
            let seconds = document["repository"]?["pushed_at"]?.number?.int64
            let moment = seconds.flatMap { seconds in
                (0...32_503_680_000).contains(seconds)
                    ? Instant(microseconds: seconds * 1_000_000) : nil
            }
            return push(repository, url: webPage, at: moment) ?? other(name, repository)
        case "pull_request":
            let actions: [String: PullRequestNews.Action] = [
                "opened": .changed, "reopened": .changed, "synchronize": .changed,
                "ready_for_review": .changed, "labeled": .edited, "unlabeled": .edited,
                "converted_to_draft": .edited, "closed": .closed,
            ]
            return pullRequest(repository, actions) ?? other(name, repository)
        default: return other(name, repository)
        }
    }

    /// Gitea and Forgejo: modules/structs/hook.go.
    func gitea(named name: String, _ repository: String) -> HookEvent {
        switch name {
        case "push": return push(repository, url: webPage, at: nil) ?? other(name, repository)
        case "pull_request", "pull_request_sync", "pull_request_label":
            let actions: [String: PullRequestNews.Action] = [
                "opened": .changed, "reopened": .changed, "synchronized": .changed,
                "edited": .edited, "label_updated": .edited, "label_cleared": .edited,
                "closed": .closed,
            ]
            return pullRequest(repository, actions) ?? other(name, repository)
        default: return other(name, repository)
        }
    }

    /// What GitHub and Gitea have in common.
    private func pullRequest(
        _ repository: String,
        _ actions: [String: PullRequestNews.Action]
    ) -> HookEvent? {
        guard let pull = document["pull_request"],
            let number = document["number"]?.int ?? pull["number"]?.int, number > 0,
            let revision = Self.revision(pull["head"]?["sha"]),
            let branch = Self.text(pull["head"]?["ref"])
        else { return nil }
        let origin = pull["head"]?["repo"]?["full_name"]?.string
        let news = PullRequestNews(
            number: number,
            action: pull["state"]?.string == "closed"
                ? .closed : (document["action"]?.string).flatMap { actions[$0] } ?? .other,
            revision: revision,
            branch: branch,
            // A fork that was deleted is named no more.
            isFork: origin?.lowercased() != repository.lowercased(),
            isDraft: pull["draft"]?.bool ?? false,
            labels: Self.labels(pull["labels"], "name"),
            repositoryURL: webPage
        )
        return HookEvent(
            repository: repository,
            subject: .pullRequest(news),
            at: Self.moment(pull["updated_at"])
        )
    }

    private var webPage: String? { Self.text(document["repository"]?["html_url"]) }

    /// GitLab: doc/user/project/integrations/webhook_events.md.
    func gitlab(_ repository: String) -> HookEvent {
        let kind = document["object_kind"]?.string ?? ""
        let url = Self.text(document["project"]?["web_url"])
        switch kind {
        case "push": return push(repository, url: url, at: nil) ?? other(kind, repository)
        case "merge_request": return mergeRequest(repository, url) ?? other(kind, repository)
        default: return other(kind, repository)
        }
    }

    private func mergeRequest(_ repository: String, _ url: String?) -> HookEvent? {
        guard let merge = document["object_attributes"],
            let number = merge["iid"]?.int, number > 0,
            let branch = Self.text(merge["source_branch"]),
            let revision = Self.revision(merge["last_commit"]?["id"])
        else { return nil }
        let origin = merge["source_project_id"]?.int
        let news = PullRequestNews(
            number: number,
            action: action(of: merge),
            revision: revision,
            branch: branch,
            isFork: origin == nil || origin != merge["target_project_id"]?.int,
            isDraft: merge["draft"]?.bool ?? merge["work_in_progress"]?.bool ?? false,
            labels: Self.labels(document["labels"] ?? merge["labels"], "title"),
            repositoryURL: url
        )
        return HookEvent(
            repository: repository,
            subject: .pullRequest(news),
            at: Self.moment(merge["updated_at"])
        )
    }

    /// `update` has `oldrev` with new commits only; else `changes` says what it is about.
    private func action(of merge: JSON) -> PullRequestNews.Action {
        if ["closed", "merged"].contains(merge["state"]?.string) { return .closed }
        switch merge["action"]?.string {
        case "open", "reopen": return .changed
        case "close", "merge": return .closed
        case "update":
            if Self.revision(merge["oldrev"]) != nil { return .changed }
            let changes = document["changes"]
            let isReady =
                changes?["draft"]?["current"]?.bool == false
                || changes?["work_in_progress"]?["current"]?.bool == false
            if isReady { return .changed }
            return changes?["labels"] != nil || changes?["draft"] != nil ? .edited : .other
        default: return .other
        }
    }
}
