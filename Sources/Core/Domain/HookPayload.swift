package import JSON

/// The content of a delivery as a forge sent it; anything may be missing or of another kind.
package struct HookPayload: Sendable {
    let document: JSON

    /// A payload to be read.
    package init(_ document: JSON) { self.document = document }

    /// The repository that the content of a delivery names, before anybody knows whether to trust
    /// it: what it says beside that is not read.
    package static func repository(in content: [UInt8], from forge: ForgeKind) -> String? {
        repository(JSON.skim(content, for: forge.repositoryPath))
    }

    /// The repository that the payload is about.
    private func repository(on forge: ForgeKind) -> String? {
        Self.repository(forge.repositoryPath.reduce(document) { $0[$1] ?? .null }.string)
    }

    private static func repository(_ text: String?) -> String? {
        guard let text, (1...SourceSpec.repositoryLengthMax).contains(text.utf8.count) else {
            return nil
        }
        return text
    }

    /// What the payload says; nil where it names no repository.
    ///
    /// `name`: of the event, as the forge's header has it.
    package func event(named name: String, from forge: ForgeKind) -> HookEvent? {
        guard let repository = repository(on: forge) else { return nil }
        switch forge {
        case .github: return github(named: name, repository)
        case .gitea: return gitea(named: name, repository)
        case .gitlab: return gitlab(repository)
        }
    }

    func other(_ name: String, _ repository: String) -> HookEvent {
        let name = String(name.prefix(HookEvent.textLengthMax))
        return HookEvent(repository: repository, subject: .other(name), at: nil)
    }

    /// A push to a branch; nil for tags and what is no push.
    func push(
        _ repository: String,
        url: String?,
        at moment: Instant?
    ) -> HookEvent? {
        guard let ref = document["ref"]?.string, ref.hasPrefix("refs/heads/"),
            let after = Self.revision(document["after"])
        else { return nil }
        let name = String(ref.dropFirst("refs/heads/".count))
        guard (1...HookEvent.textLengthMax).contains(name.utf8.count) else { return nil }
        let news = BranchNews(
            name: name,
            before: Self.revision(document["before"]),
            revision: BranchNews.isNoCommit(after) ? nil : after,
            repositoryURL: url
        )
        return HookEvent(repository: repository, subject: .branch(news), at: moment)
    }

    /// The names of labels, each under the member `key`.
    static func labels(_ document: JSON?, _ key: String) -> [String] {
        (document?.array ?? []).prefix(HookEvent.labelsMax).compactMap { $0[key]?.string }
            .filter { $0.utf8.count <= HookEvent.textLengthMax }
    }

    /// A hash of Git: 40 or 64 hexadecimal digits.
    static func revision(_ document: JSON?) -> String? {
        guard let text = document?.string, [40, 64].contains(text.utf8.count),
            text.utf8.allSatisfy(isHexDigit)
        else { return nil }
        return text
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
    }

    static func text(_ document: JSON?) -> String? {
        guard let text = document?.string, !text.utf8.contains(0),
            (1...HookEvent.textLengthMax).contains(text.utf8.count)
        else { return nil }
        return text
    }

    /// A moment in one of the forms that forges use.
    ///
    /// GitLab writes `2026-01-31 12:00:00 UTC` beside RFC 3339, and `+0100` without a colon.
    static func moment(_ document: JSON?) -> Instant? {
        guard let written = document?.string, written.utf8.count <= 40 else { return nil }
        var text = written
        if text.hasSuffix(" UTC") { text = text.dropLast(4) + "Z" }
        if let space = text.firstIndex(of: " ") {
            text.replaceSubrange(space...space, with: "T")
        }
        if let space = text.firstIndex(of: " ") { text.remove(at: space) }
        let tail = text.suffix(5)
        if tail.count == 5, tail.first == "+" || tail.first == "-",
            tail.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        {
            text.insert(":", at: text.index(text.endIndex, offsetBy: -2))
        }
        // What is no moment says nothing.
        return try? Instant(parsing: text)
    }
}

extension ForgeKind {
    /// Where payloads name the repository.
    fileprivate var repositoryPath: [String] {
        switch self {
        case .github, .gitea: ["repository", "full_name"]
        case .gitlab: ["project", "path_with_namespace"]
        }
    }
}
