import Domain
import HTTP
import JSON
import Secrets
import TestSupport
import Testing

@testable import API

extension Platform {
    /// What every planted webhook of a repository is signed with.
    static let hookSecret = "a secret of sixteen or more"

    /// A forge, and a source of one repository for each tenant, with one delivery and one pull
    /// request that waits for an approval.
    func plantSources() async throws {
        let forge = try await send(.put, "/v1/forges/github", json: #"{"spec":{"kind":"github"}}"#)
        #expect(forge.status == 201, "\(forge.text)")
        for tenant in ["globex", "acme"] {
            let made = try await plantSource(of: tenant, "{}")
            #expect(made.status == 201, "\(made.text)")
        }
        let news = """
            {"repository":"acme/shop","type":"pull-request","number":7,"action":"changed",\
            "revision":"0123456789abcdef0123456789abcdef01234567","branch":"x","fork":true}
            """
        try database.run(
            """
            INSERT INTO source_thread (source_id, key, revision, news, is_held, is_open, updated_at)
            SELECT id, 'pull/7', '0123456789abcdef0123456789abcdef01234567', '\(news)', true, true,
                   now()
              FROM source
            """
        )
        try database.run(
            """
            INSERT INTO source_delivery (
                id, source_id, cause, key, digest, thread, event, state, outcome, received_at,
                ended_at)
            SELECT gen_random_uuid(), id, 'hook', 'one', decode('00', 'hex'), 'pull/7', '\(news)',
                   'held', 'It waits.', now(), now()
              FROM source
            """
        )
    }

    /// A source named `shop` of the repository `<tenant>/shop`.
    func plantSource(
        of tenant: String,
        _ pulls: String,
        on forge: String = "github",
        more: String = ""
    ) async throws -> Reply {
        try await send(
            .put,
            "/v1/tenants/\(tenant)/sources/shop",
            json: """
                {"spec":{"forge":"\(forge)","repository":"\(tenant)/shop","service":"shop",\
                "secret":"\(Self.hookSecret)","pullRequests":\(pulls)\(more)}}
                """
        )
    }

    /// The id of the planted delivery.
    func hookDelivery(of tenant: String) throws -> String {
        let rows = try database.run(
            """
            SELECT d.id FROM source_delivery d JOIN source s ON s.id = d.source_id
              JOIN tenant t ON t.id = s.tenant_id
             WHERE t.name = '\(tenant)' ORDER BY d.place LIMIT 1
            """
        )
        return try #require(rows.first?[0])
    }

    /// Sends what a forge would, signed as it signs.
    func deliver(
        _ sent: SentHook,
        secret: String = hookSecret,
        altered: Bool = false
    ) async throws -> Reply {
        var body = sent.body
        let fields = sent.fields(signing: body, with: secret)
        if altered { body.insert(UInt8(ascii: " "), at: body.count - 1) }
        let request = try Request(
            .post,
            "/v1/hooks/\(sent.path ?? sent.forge.rawValue)",
            headers: fields,
            body: body
        )
        let handler = handler
        return try await onLoop {
            let response = await handler.respond(to: request)
            return Reply(response, body: try await response.body.collect())
        }
    }

    /// What handles deliveries in the place of a worker.
    var hookWork: HookWork {
        let clock = clock
        return HookWork(
            storage: storage,
            git: services.git,
            environments: services.environments,
            clock: { clock.now },
            jobStored: {},
            changed: {}
        )
    }

    /// Handles the delivery that an answer names.
    func handle(_ reply: Reply) async throws -> HookWork.Progress {
        let text = try #require(reply.json["delivery"]?.string ?? reply.json["id"]?.string)
        let id = try HookDeliveryID(parsing: text)
        let work = hookWork
        return try await onLoop { try await work.handle(id) }
    }
}

/// One delivery as a forge sends it.
struct SentHook: Sendable {
    var forge: ForgeKind
    var event: String
    var key: String
    var body: [UInt8]
    /// The forge in the address; nil for the right one.
    var path: String?
    var isForm = false

    init(_ forge: ForgeKind, _ event: String, key: String, _ body: String) {
        self.forge = forge
        self.event = event
        self.key = key
        self.body = Array(body.utf8)
    }

    func fields(signing body: [UInt8], with secret: String) -> [(HeaderName, String)] {
        let signature = Hex.encode(HMACSHA256(key: Array(secret.utf8)).sign(body))
        let type = isForm ? "application/x-www-form-urlencoded" : "application/json"
        let github: [(HeaderName, String)] = [
            ("X-GitHub-Event", event), ("X-GitHub-Delivery", key),
            ("X-Hub-Signature-256", "sha256=\(signature)"),
        ]
        let own: [(HeaderName, String)] =
            switch forge {
            case .github: github
            case .gitea:
                github + [
                    ("X-Gitea-Event", event), ("X-Gitea-Delivery", key),
                    ("X-Gitea-Signature", signature), ("X-Gogs-Event", event),
                ]
            case .gitlab:
                [
                    ("X-Gitlab-Event", event), ("X-Gitlab-Event-UUID", key),
                    ("X-Gitlab-Token", secret),
                ]
            }
        return own + [(.contentType, type)]
    }

    static let head = "9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f"

    /// A pull request of GitHub or Gitea, with the members that both document.
    static func pull(
        _ action: String,
        on forge: ForgeKind = .github,
        key: String,
        at moment: String = TestClock.start.description,
        head: String = head,
        from origin: String? = "acme/shop",
        draft: Bool = false
    ) -> SentHook {
        let repo = origin.map { #"{"full_name":"\#($0)","fork":\#($0 != "acme/shop")}"# } ?? "null"
        return SentHook(
            forge,
            "pull_request",
            key: key,
            """
            {"action":"\(action)","number":7,"pull_request":{"id":1,"number":7,"state":"open",\
            "title":"Sell more","draft":\(draft),"merged":false,"updated_at":"\(moment)",\
            "html_url":"https://git.example.com/acme/shop/pull/7","labels":[{"name":"preview"}],\
            "head":{"label":"acme:more","ref":"more","sha":"\(head)","repo":\(repo)},\
            "base":{"ref":"main","sha":"\(String(repeating: "b", count: 40))"}},\
            "repository":{"id":5,"name":"shop","full_name":"acme/shop","private":true,\
            "html_url":"https://git.example.com/acme/shop","default_branch":"main"},\
            "sender":{"login":"ada","id":3}}
            """
        )
    }

    /// A merge request of GitLab.
    static func merge(_ action: String, key: String, more: String = "") -> SentHook {
        SentHook(
            .gitlab,
            "Merge Request Hook",
            key: key,
            """
            {"object_kind":"merge_request","user":{"id":1,"name":"Ada"},\
            "project":{"id":5,"name":"shop","path_with_namespace":"Acme/Shop",\
            "web_url":"https://gitlab.example.com/acme/shop","default_branch":"main"},\
            "object_attributes":{"id":99,"iid":7,"action":"\(action)","state":"opened",\
            "source_branch":"more","target_branch":"main","source_project_id":5,\
            "target_project_id":5,"draft":false,"updated_at":"2026-11-21 00:00:00 UTC",\
            "last_commit":{"id":"\(head)","message":"Sell more"}\(more)},"labels":[],"changes":{}}
            """
        )
    }
}
