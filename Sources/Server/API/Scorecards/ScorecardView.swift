import Domain
import JSON
import Scorecards

/// How the API shows a scorecard: as it was written, with its status.
enum ScorecardView {
    /// One that comes with Slipway.
    static func bytes(_ scorecard: Scorecard) -> [UInt8] {
        bytes(scorecard.document) { writer in writer.member("builtIn", true) }
    }

    /// One that somebody wrote.
    static func bytes(_ own: OwnScorecard) -> [UInt8] {
        bytes(own.scorecard.document) { writer in
            writer.member("builtIn", false)
            writer.member("evaluatedAt", orNull: own.round?.at.description)
            writer.member("entities", own.round?.entities ?? 0)
            writer.member("complete", own.round?.isComplete ?? false)
            writer.member("createdAt", own.createdAt.description)
            writer.member("updatedAt", own.updatedAt.description)
        }
    }

    private static func bytes(
        _ document: JSONObject,
        status: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        writer.object { writer in
            for member in document {
                writer.key(named: member.key)
                writer.value(member.value)
            }
            writer.key("status")
            writer.object { status(&$0) }
        }
        return writer.finish()
    }
}
