package import Domain
import JSON

/// A scorecard that somebody wrote, and how far judging by it has come.
package struct OwnScorecard: Sendable, Equatable {
    /// The most of them in one installation.
    package static let countMax = 100
    /// The most entities that are judged by one.
    package static let entitiesMax = 5_000
    /// How often its entities are judged.
    package static let interval = Duration.seconds(60)

    /// How the last round of judging came out.
    package struct Round: Sendable, Equatable {
        /// When it ended.
        package let at: Instant
        /// How many entities were judged.
        package let entities: Int
        /// Whether those were all; there may be more than `entitiesMax`.
        package let isComplete: Bool

        /// Puts together the parts as they are.
        package init(at moment: Instant, entities: Int, isComplete: Bool) {
            at = moment
            self.entities = entities
            self.isComplete = isComplete
        }
    }

    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The scorecard as it is from now on.
        package let own: OwnScorecard
        /// What the world is told.
        package let event: Event
    }

    /// The identity, which no other scorecard ever has.
    package let id: ScorecardID
    /// The scorecard.
    package private(set) var scorecard: Scorecard
    /// Goes up with every change, from 1; the `ETag`.
    package private(set) var revision: Int64
    /// The last round of judging; nil before the first.
    package private(set) var round: Round?
    /// When it was written first.
    package let createdAt: Instant
    /// When it was written last.
    package private(set) var updatedAt: Instant

    /// Puts together what is known of it.
    package init(
        id: ScorecardID,
        scorecard: Scorecard,
        revision: Int64,
        round: Round?,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.scorecard = scorecard
        self.revision = revision
        self.round = round
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The scorecard as events and the audit log mention it.
    package var reference: ObjectReference {
        ObjectReference(kind: .scorecard, id: id.cast(), name: scorecard.name.text)
    }

    /// A new one.
    package static func creation(
        id: ScorecardID,
        _ scorecard: Scorecard,
        on occasion: Occasion
    ) -> Decision {
        OwnScorecard(
            id: id,
            scorecard: scorecard,
            revision: 1,
            round: nil,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        .decision(.scorecardCreated, on: occasion)
    }

    /// Another one under the same name; nil where nothing changes.
    package func change(to scorecard: Scorecard, on occasion: Occasion) -> Decision? {
        guard scorecard != self.scorecard else { return nil }
        var next = touched(at: occasion.at)
        next.scorecard = scorecard
        next.round = nil
        return next.decision(.scorecardUpdated, on: occasion)
    }

    /// What the world is told once it is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.scorecardDeleted, on: occasion)
    }

    private func touched(at moment: Instant) -> OwnScorecard {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(_ type: EventType, on occasion: Occasion) -> Decision {
        var data = JSONWriter(reserving: 128)
        data.object { data in
            data.member("id", id.description)
            data.member("name", scorecard.name.text)
        }
        return Decision(
            own: self,
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: nil,
                at: occasion.at,
                data: data.finish()
            )
        )
    }
}

/// The identity of a scorecard.
package typealias ScorecardID = ID<OwnScorecard>
