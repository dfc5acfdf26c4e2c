import Domain
import JSON

extension ForgeClient {
    /// Gives the commit its status; says the same again where it says so already.
    func setStatus(_ report: EnvironmentReport, of repository: String) async throws(ForgeFault) {
        let state =
            switch (report.state, kind) {
            case (.pending, .gitlab): "running"
            case (.failure, .gitlab): "failed"
            default: report.state.rawValue
            }
        var body: JSONObject = [
            "state": .string(state),
            "description": .string(report.summary),
        ]
        body[kind == .gitlab ? "name" : "context"] = .string(Self.context(of: report))
        if let url = report.url { body["target_url"] = .string(url) }
        // GitLab: "Cannot transition status" where it has that one.
        try await call(
            "POST",
            "\(self.repository(repository))/statuses/\(report.revision)",
            .object(body),
            fine: kind == .gitlab ? [400] : []
        )
    }

    private static func context(of report: EnvironmentReport) -> String {
        "slipway/\(report.environment?.text ?? "environment")"
    }

    /// Makes the one comment of the pull request say this.
    ///
    /// - Returns: its id.
    func setComment(
        _ text: String,
        marked marker: String,
        known: String?,
        on number: Int,
        of repository: String
    ) async throws(ForgeFault) -> String? {
        let body: JSON = ["body": .string("\(text)\n\n\(marker)")]
        var id = known
        if id == nil { id = try await findComment(marked: marker, on: number, of: repository) }
        if let id {
            let changed = try await call(
                kind == .gitlab ? "PUT" : "PATCH",
                commentPath(id, on: number, of: repository),
                body,
                fine: [404]
            )
            if changed.status != 404 { return id }
        }
        // Somebody deleted it, or there was none.
        return try await call("POST", commentsPath(on: number, of: repository), body).id
    }

    /// The comment that was made before a crash.
    private func findComment(
        marked marker: String,
        on number: Int,
        of repository: String
    ) async throws(ForgeFault) -> String? {
        let path = commentsPath(on: number, of: repository)
        for page in 1...Self.pagesMax {
            let answer = try await call(
                "GET",
                "\(path)?per_page=\(Self.pageSize)&limit=\(Self.pageSize)&page=\(page)"
            )
            let entries = answer.document.array ?? []
            if let found = entries.first(where: { $0["body"]?.string?.contains(marker) ?? false }) {
                return found["id"]?.int.map { String($0) }
            }
            if entries.count < Self.pageSize { return nil }
        }
        return nil
    }

    private func commentsPath(on number: Int, of repository: String) -> String {
        let base = self.repository(repository)
        return kind == .gitlab
            ? "\(base)/merge_requests/\(number)/notes" : "\(base)/issues/\(number)/comments"
    }

    private func commentPath(_ id: String, on number: Int, of repository: String) -> String {
        kind == .gitlab
            ? "\(commentsPath(on: number, of: repository))/\(id)"
            : "\(self.repository(repository))/issues/comments/\(id)"
    }
}
