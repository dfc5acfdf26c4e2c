extension HookEvent {
    /// How far a forge's clock may be ahead of this server's: a minute.
    static let skew = Duration.seconds(60)

    fileprivate var push: BranchNews? {
        guard case .branch(let news) = subject else { return nil }
        return news
    }
}

extension BranchNews {
    /// Whether a hash is the one that stands for no commit: as many zeros as hashes have digits.
    static func isNoCommit(_ hash: String) -> Bool {
        hash.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// Whether the push went from that commit; nil for a branch that was not there.
    fileprivate func goesOn(from revision: String?) -> Bool {
        guard let before else { return false }
        return Self.isNoCommit(before) ? revision == nil : before == revision
    }
}

extension SourceThread {
    /// The most commits of a branch that are remembered: enough for the pushes of a busy hour.
    package static let seenMax = 32

    /// Why the news are older than what was handled; nil where they are not.
    ///
    /// A push from where the branch is goes on from there. Else the forge's clock decides, and
    /// where it says nothing, a commit that the branch was at before.
    package func lateness(of event: HookEvent) -> String? {
        let goesOn = event.push?.goesOn(from: revision) ?? false
        let isKnown = event.push.map(wasPassed) ?? false
        if goesOn, !isKnown { return nil }
        if let at = event.at, let toldAt, at != toldAt {
            return at > toldAt ? nil : "Newer news, of \(toldAt), were handled before."
        }
        guard isKnown, !goesOn else { return nil }
        return "The branch has gone on since: a push that came earlier went on from there."
    }

    /// Whether the branch was already where the push went to, or its end went from where it no
    /// longer is.
    private func wasPassed(_ push: BranchNews) -> Bool {
        guard push.revision != revision, let end = push.revision ?? push.before else {
            return false
        }
        return end != revision && seen.contains(end)
    }

    /// What is known once those news are handled.
    package func told(_ event: HookEvent) -> SourceThread {
        var next = self
        next.toldAt = event.at ?? toldAt
        switch event.subject {
        case .pullRequest(let news):
            next.revision = news.revision
            next.isOpen = news.action != .closed
        case .branch(let news):
            next.revision = news.revision
            next.isOpen = news.revision != nil
        case .ping, .other: break
        }
        next.remember(event)
        return next
    }

    /// The last of the news that tell of a later state than these; nil where none do.
    ///
    /// `later` arrived after these and were not handled yet. Of what turns out to be older the
    /// commits count as well: so a chain of pushes is followed back, however it arrived.
    package func successor<Identity>(
        of event: HookEvent,
        among later: [(id: Identity, event: HookEvent)]
    ) -> Identity? {
        var next = told(event)
        var rest = later
        while let place = rest.firstIndex(where: { next.lateness(of: $0.event) != nil }) {
            next.remember(rest.remove(at: place).event)
        }
        return rest.last?.id
    }

    /// Notes where a push went from and to, also one that is not handled for being old.
    package mutating func remember(_ event: HookEvent) {
        guard let push = event.push else { return }
        let ends = [push.before, push.revision].compactMap(\.self)
        for hash in ends where !BranchNews.isNoCommit(hash) {
            seen.removeAll { $0 == hash }
            seen.append(hash)
        }
        seen = seen.suffix(Self.seenMax)
    }
}
