/// Which types of events are meant: a type in which each `*` stands for any characters.
package struct EventPattern: Sendable, Hashable, CustomStringConvertible {
    /// The most characters of a pattern.
    package static let lengthMax = 128
    /// The pattern for every event.
    package static let everything = EventPattern(stored: "*")

    private let wildcard: Wildcard

    /// Reads a pattern.
    ///
    /// - Throws: what is wrong, where no type that Slipway knows could match it.
    package init(parsing text: String) throws(EventPatternFault) {
        guard (1...Self.lengthMax).contains(text.utf8.count) else { throw .badLength }
        self.init(stored: text)
        guard EventType.known.contains(where: matches) else { throw .matchesNothing }
    }

    /// A pattern that was read before; its types may have come from another version.
    package init(stored text: String) { wildcard = Wildcard(text) }

    /// The pattern as it was read.
    package var description: String { wildcard.description }

    /// Whether events of the type are meant.
    package func matches(_ type: EventType) -> Bool { wildcard.matches(type.description) }
}

/// Why a text is no pattern of events.
package enum EventPatternFault: Error, Equatable {
    /// It is empty or longer than 128 bytes.
    case badLength
    /// There are no such events.
    case matchesNothing

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .badLength: "A pattern has 1 to 128 characters."
        case .matchesNothing:
            "No event has such a type. Types look like dev.slipway.cluster.ready; `*` stands for "
                + "any characters, as in dev.slipway.cluster.*."
        }
    }
}
