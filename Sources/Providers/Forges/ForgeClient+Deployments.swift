import Domain
import JSON

extension ForgeClient {
    /// Whether the forge lists environments and deployments: Gitea does not.
    var hasDeployments: Bool { kind != .gitea }

    /// Makes the forge's entry of the environment say how it stands.
    ///
    /// - Returns: the id of the deployment, where there is one.
    func setDeployment(
        _ report: EnvironmentReport,
        known: String?,
        of repository: String
    ) async throws(ForgeFault) -> String? {
        guard let environment = report.environment?.text else { return nil }
        switch kind {
        case .github:
            return try await setOnGitHub(report, known: known, environment, repository)
        case .gitlab:
            return try await setOnGitLab(report, known: known, environment, repository)
        case .gitea: return nil
        }
    }

    /// Makes the forge's entry of what was there before say that something newer takes its place.
    ///
    /// GitHub does so by itself, except for environments that are transient or production.
    /// https://docs.github.com/rest/deployments/statuses (`auto_inactive`)
    func retire(
        _ deployment: String,
        before report: EnvironmentReport,
        of repository: String
    ) async throws(ForgeFault) {
        guard kind == .github, report.type == .ephemeral else { return }
        let path = "\(self.repository(repository))/deployments/\(deployment)/statuses"
        let words: JSONObject = [
            "state": "inactive", "description": "Something newer takes its place.",
        ]
        // Somebody may have removed it.
        try await call("POST", path, .object(words), fine: [404])
    }

    private func setOnGitHub(
        _ report: EnvironmentReport,
        known: String?,
        _ environment: String,
        _ repository: String
    ) async throws(ForgeFault) -> String? {
        let path = "\(self.repository(repository))/deployments"
        var id = known
        if id == nil {
            let query = "sha=\(report.revision)&environment=\(Self.encoded(environment))"
            let found = try await call("GET", "\(path)?\(query)&per_page=1")
            id = found.document[0]?["id"]?.int.map { String($0) }
        }
        if id == nil {
            guard report.state != .gone else { return nil }
            // Slipway judges by itself whether a commit may be rolled out: no merge, no contexts.
            id = try await call(
                "POST",
                path,
                [
                    "ref": .string(report.revision), "auto_merge": false,
                    "required_contexts": [], "environment": .string(environment),
                    "description": "Made by Slipway",
                    "transient_environment": .bool(report.type == .ephemeral),
                    "production_environment": .bool(report.type == .production),
                ]
            ).id
        }
        guard let id else { return nil }
        let state =
            switch report.state {
            case .pending: "in_progress"
            case .success: "success"
            case .failure: "failure"
            case .gone: "inactive"
            }
        var body: JSONObject = [
            "state": .string(state), "description": .string(report.summary),
        ]
        if let url = report.url { body["environment_url"] = .string(url) }
        try await call("POST", "\(path)/\(id)/statuses", .object(body))
        return id
    }

    private func setOnGitLab(
        _ report: EnvironmentReport,
        known: String?,
        _ environment: String,
        _ repository: String
    ) async throws(ForgeFault) -> String? {
        let base = self.repository(repository)
        let query = "name=\(Self.encoded(environment))"
        let found = try await call("GET", "\(base)/environments?\(query)")
        var place = found.document[0]?["id"]?.int
        if report.state == .gone {
            guard let place else { return known }
            try await call("POST", "\(base)/environments/\(place)/stop", ["force": true])
            return known
        }
        var body: JSONObject = ["name": .string(environment)]
        if let url = report.url { body["external_url"] = .string(url) }
        if let place {
            body = JSONObject()
            if let url = report.url { body["external_url"] = .string(url) }
            if !body.isEmpty {
                try await call("PUT", "\(base)/environments/\(place)", .object(body))
            }
        } else {
            body["tier"] = .string(report.type == .ephemeral ? "testing" : report.type.rawValue)
            place = try await call("POST", "\(base)/environments", .object(body)).document["id"]?
                .int
        }
        let state =
            switch report.state {
            case .pending: "running"
            case .success: "success"
            case .failure, .gone: "failed"
            }
        if let known {
            // 400 where it has that status, or one that it does not leave any more.
            try await call(
                "PUT",
                "\(base)/deployments/\(known)",
                ["status": .string(state)],
                fine: [400]
            )
            return known
        }
        return try await call(
            "POST",
            "\(base)/deployments",
            [
                "environment": .string(environment), "sha": .string(report.revision),
                "ref": .string(report.revision), "tag": false, "status": .string(state),
            ]
        ).id
    }
}
