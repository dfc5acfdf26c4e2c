package import Domain
package import JSON

/// The newest events about the objects of a cluster.
package enum SeenEvents {
    /// The most events that are shown.
    package static let countMax = 20
    /// The most bytes of a word: a reason, or the name of an object.
    private static let wordBytesMax = 300

    /// The newest of the events, newest first, each fact once.
    package static func newest(of events: [JSONObject]) -> [SeenEvent] {
        var shown: Set<String> = []
        return events.compactMap(read)
            .sorted { left, right in
                left.at != right.at ? left.at > right.at : left.object < right.object
            }
            .filter { shown.insert("\($0.object) \($0.reason) \($0.message)").inserted }
            .prefix(countMax)
            .map(\.self)
    }

    /// Events of the core group and of `events.k8s.io`, whichever way they tell the time.
    private static func read(_ event: JSONObject) -> SeenEvent? {
        let times = [
            event["series"]?["lastObservedTime"], event["lastTimestamp"],
            event["deprecatedLastTimestamp"], event["eventTime"],
            event["metadata"]?["creationTimestamp"],
        ]
        let about = event["involvedObject"] ?? event["regarding"]
        guard let at = times.lazy.compactMap({ $0.flatMap(SeenObject.moment) }).first,
            let kind = about?["kind"]?.string, let name = about?["name"]?.string
        else { return nil }
        return SeenEvent(
            at: at,
            type: event["type"]?.string == "Warning" ? "Warning" : "Normal",
            reason: String((event["reason"]?.string ?? "").prefix(wordBytesMax)),
            object: String("\(kind)/\(name)".prefix(wordBytesMax)),
            message: VendorMessage.text(event["message"]?.string ?? event["note"]?.string ?? "")
        )
    }
}
