import Domain
import JSON

/// The small readers that inputs are made of: each turns one JSON value into a checked one.
enum Reading {
    static func bool(_ value: JSON) throws(ReadingFault) -> Bool {
        guard let bool = value.bool else { throw wrongType("a boolean", value) }
        return bool
    }

    /// A whole number within bounds.
    static func number(
        _ bounds: ClosedRange<Int>
    ) -> (JSON) throws(ReadingFault) -> Int {
        { value throws(ReadingFault) in
            guard let number = value.int else { throw wrongType("a whole number", value) }
            guard bounds.contains(number) else {
                throw ReadingFault(
                    "out-of-range",
                    "Expected \(bounds.lowerBound) to \(bounds.upperBound)."
                )
            }
            return number
        }
    }

    static func object(_ value: JSON) throws(ReadingFault) -> JSONObject {
        guard let object = value.object else { throw wrongType("an object", value) }
        return object
    }

    static func string(_ value: JSON) throws(ReadingFault) -> String {
        guard let string = value.string else { throw wrongType("a string", value) }
        // PostgreSQL text cannot hold it, and nothing that people write needs it.
        guard !string.utf8.contains(0) else {
            throw ReadingFault("bad-character", "The character U+0000 is not taken.")
        }
        return string
    }

    /// A text of one line, counted in characters of Unicode as JSON Schema counts.
    static func text(
        _ lengths: ClosedRange<Int>
    ) -> (JSON) throws(ReadingFault) -> String {
        { value throws(ReadingFault) in
            let text = try string(value)
            let length = text.unicodeScalars.count
            guard length >= lengths.lowerBound else {
                throw ReadingFault("too-short", "At least \(lengths.lowerBound) characters.")
            }
            guard length <= lengths.upperBound else {
                throw ReadingFault("too-long", "At most \(lengths.upperBound) characters.")
            }
            return text
        }
    }

    static func name<Subject>(
        _ value: JSON
    ) throws(ReadingFault) -> ResourceName<Subject> {
        let text = try string(value)
        do {
            return try ResourceName<Subject>(parsing: text)
        } catch {
            throw ReadingFault("invalid-name", error.detail)
        }
    }

    static func instant(_ value: JSON) throws(ReadingFault) -> Instant {
        let text = try string(value)
        do {
            return try Instant(parsing: text)
        } catch {
            throw ReadingFault(
                "invalid-instant",
                "Expected a date and time such as 2026-01-31T12:00:00Z."
            )
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type = Choice.self
    ) -> (JSON) throws(ReadingFault) -> Choice {
        { value throws(ReadingFault) in
            let text = try string(value)
            guard let choice = Choice(rawValue: text) else {
                throw notOneOf(Choice.allCases.map(\.rawValue), text)
            }
            return choice
        }
    }

    static func notOneOf(_ names: [String], _ text: String) -> ReadingFault {
        let hint = nearest(to: text, in: names).map { " Did you mean `\($0)`?" } ?? ""
        return ReadingFault(
            "unknown-value",
            "Expected one of \(names.joined(separator: ", ")).\(hint)"
        )
    }

    private static func wrongType(_ wanted: String, _ value: JSON) -> ReadingFault {
        ReadingFault("wrong-type", "Expected \(wanted), not \(value.kindInWords).")
    }
}

extension ObjectReader {
    /// The member `labels`, with a fault for each label that is none.
    mutating func labels() -> Labels? {
        guard let object = optional("labels", Reading.object) else { return nil }
        let place = pointer.appending("labels")
        var pairs: [(key: String, value: String)] = []
        for member in object {
            guard let value = member.value.string else {
                refuse(
                    at: place.appending(member.key),
                    "wrong-type",
                    "Expected a string, not \(member.value.kindInWords)."
                )
                continue
            }
            pairs.append((member.key, value))
        }
        do {
            return try Labels(parsing: pairs)
        } catch {
            for entry in error.entries {
                let pointer = entry.key.map { place.appending($0) } ?? place
                refuse(at: pointer, "invalid-label", entry.fault.detail)
            }
            return nil
        }
    }
}
