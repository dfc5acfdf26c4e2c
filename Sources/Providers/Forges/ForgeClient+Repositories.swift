package import Domain
import JSON

/// A repository as the forge tells of it.
package struct ForgeRepository: Sendable, Equatable {
    /// What the forge calls it, whatever its name.
    package let id: String
    /// Its owner and name.
    package let path: String
    /// What its page says of it.
    package let description: String
    /// Whether nobody can push to it.
    package let isArchived: Bool
    /// Whether the forge has promised to delete it.
    package let isLeaving: Bool
}

/// A repository that is to be made.
package struct RepositoryOrder: Sendable, Equatable {
    /// The organization, group or user.
    package let owner: String
    /// The name.
    package let name: String
    /// What its page says: whom it was made for.
    package let description: String
    /// Who may see it.
    package let visibility: ForgeRepositories.Visibility

    /// That repository.
    package init(
        owner: String,
        name: String,
        description: String,
        visibility: ForgeRepositories.Visibility
    ) {
        self.owner = owner
        self.name = name
        self.description = description
        self.visibility = visibility
    }

    var path: String { "\(owner)/\(name)" }
}

extension ForgeClient {
    /// The repository of that owner and name; nil where there is none, or none that the token may
    /// see.
    package func find(_ path: String) async throws(ForgeFault) -> ForgeRepository? {
        let answer = try await call("GET", repository(path), fine: [301, 302, 307, 404])
        // A name that leads elsewhere is not the name of what it leads to.
        return answer.status == 200 ? answer.repository(of: kind) : nil
    }

    /// The repository of that id, whatever its name is now; nil where it is gone.
    package func find(id: String) async throws(ForgeFault) -> ForgeRepository? {
        let place = kind == .gitlab ? "/projects" : "/repositories"
        let answer = try await call("GET", "\(place)/\(id)", fine: [404])
        return answer.status == 200 ? answer.repository(of: kind) : nil
    }

    /// Makes an empty repository.
    ///
    /// - Returns: nil where the forge makes it later.
    /// - Throws: `.refused` with 400, 409 or 422 where there is one of the name.
    package func make(_ order: RepositoryOrder) async throws(ForgeFault) -> ForgeRepository? {
        var body: JSONObject = [
            "name": .string(order.name), "description": .string(order.description),
        ]
        switch kind {
        case .github:
            body["visibility"] = .string(order.visibility.rawValue)
            body["private"] = .bool(order.visibility != .public)
            body["auto_init"] = false
        case .gitea:
            body["private"] = .bool(order.visibility != .public)
            body["auto_init"] = false
            body["default_branch"] = "main"
        case .gitlab:
            let owner = Self.encoded(order.owner)
            let namespace = try await call("GET", "/namespaces/\(owner)")
            body["path"] = .string(order.name)
            body["namespace_id"] = namespace.document["id"] ?? .null
            body["visibility"] = .string(order.visibility.rawValue)
            body["initialize_with_readme"] = false
            body["default_branch"] = "main"
            return try await call("POST", "/projects", .object(body)).repository(of: kind)
        }
        let made = try await call(
            "POST",
            "/orgs/\(Self.encoded(order.owner))/repos",
            .object(body),
            fine: [404]
        )
        guard made.status == 404 else { return made.repository(of: kind) }
        // No organization: then it is the user of the token.
        let user = try await call("GET", "/user").document["login"]?.string
        guard user?.lowercased() == order.owner.lowercased() else {
            throw .refused(
                reason: "there is no organization \(order.owner) in which the token may make "
                    + "repositories",
                status: 404
            )
        }
        return try await call("POST", "/user/repos", .object(body)).repository(of: kind)
    }

    /// Whether the repository can be pushed to: it answers for its branches, if only that it has
    /// none.
    package func isReady(_ path: String) async throws(ForgeFault) -> Bool {
        let place = kind == .gitlab ? "/repository/branches" : "/branches"
        let answer = try await call(
            "GET",
            "\(repository(path))\(place)?per_page=1&limit=1",
            fine: [404, 409]
        )
        return answer.status == 200
    }

    /// Makes the repository one that nobody pushes to any more.
    package func archive(_ path: String) async throws(ForgeFault) {
        switch kind {
        case .gitlab: try await call("POST", "\(repository(path))/archive", fine: [404])
        case .github, .gitea:
            try await call("PATCH", repository(path), ["archived": true], fine: [404])
        }
    }

    /// Deletes the repository; GitLab does it later.
    package func delete(_ path: String) async throws(ForgeFault) {
        try await call("DELETE", repository(path), fine: [404])
    }
}

extension ForgeClient {
    /// What a forge knows a cluster's credential by, and the credential where the forge made it.
    package struct Reader: Sendable {
        /// What the forge calls it.
        package let id: String
        /// The name to say along with the token; nil for a key.
        package let username: String?
        /// The token; nil for a key.
        package let token: String?
    }

    /// The credentials of that title: keys that may only read, of GitLab tokens that may.
    package func readers(
        titled title: String,
        of path: String
    ) async throws(ForgeFault) -> [String] {
        var found: [String] = []
        for page in 1...Self.pagesMax {
            let query = "?per_page=\(Self.pageSize)&limit=\(Self.pageSize)&page=\(page)"
            let answer = try await call("GET", readersPath(path) + query, fine: [404])
            let entries = answer.status == 200 ? answer.document.array ?? [] : []
            for entry in entries where entry[titleMember]?.string == title {
                // Revoked tokens of GitLab stay in its list.
                guard entry["revoked"]?.bool != true, let id = entry["id"]?.int else { continue }
                found.append(String(id))
            }
            guard entries.count == Self.pageSize else { break }
        }
        return found
    }

    /// Makes a credential that reads this repository and nothing else: a key of the caller's, on
    /// GitLab a token of its own.
    package func makeReader(
        titled title: String,
        key: String?,
        of path: String
    ) async throws(ForgeFault) -> Reader? {
        let answer: ForgeAnswer
        switch kind {
        case .github, .gitea:
            answer = try await call(
                "POST",
                readersPath(path),
                ["title": .string(title), "key": .string(key ?? ""), "read_only": true]
            )
        case .gitlab:
            answer = try await call(
                "POST",
                readersPath(path),
                ["name": .string(title), "scopes": ["read_repository"]]
            )
        }
        return answer.id.map { id in
            Reader(
                id: id,
                username: answer.document["username"]?.string,
                token: answer.document["token"]?.string
            )
        }
    }

    /// Removes a credential, or finds it gone.
    package func removeReader(_ id: String, of path: String) async throws(ForgeFault) {
        try await call("DELETE", "\(readersPath(path))/\(id)", fine: [404])
    }

    private func readersPath(_ path: String) -> String {
        repository(path) + (kind == .gitlab ? "/deploy_tokens" : "/keys")
    }

    private var titleMember: String { kind == .gitlab ? "name" : "title" }
}

extension ForgeAnswer {
    /// The repository that the answer tells of; nil where it is none.
    fileprivate func repository(of kind: ForgeKind) -> ForgeRepository? {
        let isGitLab = kind == .gitlab
        guard let id, let path = document[isGitLab ? "path_with_namespace" : "full_name"]?.string
        else { return nil }
        let leaving = document["marked_for_deletion_on"] ?? document["marked_for_deletion_at"]
        return ForgeRepository(
            id: id,
            path: path,
            description: document["description"]?.string ?? "",
            isArchived: document["archived"]?.bool ?? false,
            isLeaving: leaving?.string != nil
        )
    }
}
