/// A regular expression in the common part of ECMA-262's syntax, matched in linear time.
///
/// The time for a text is at most its length times the size of the pattern, whatever either is,
/// because all possible matches are followed at once instead of one after the other (Thompson
/// 1968). What cannot be matched that way, look-around and back-references, is refused when the
/// pattern is read. Texts are sequences of Unicode scalars, as with ECMA's flag `u`.
package struct TextPattern: Sendable {
    /// Instructions that a pattern may come to; counted repetitions are written out.
    static let instructionsMax = 2_000
    /// Instructions that one match may take; about 25 ms of a loop's time.
    static let stepsMax = 5_000_000

    /// The expression as it was written.
    package let source: String
    let program: [Instruction]

    /// One step of the matcher.
    enum Instruction: Sendable {
        /// Takes one scalar of the set.
        case take(ScalarSet)
        /// Goes on only where this holds.
        case require(Assertion)
        /// Goes on at both places.
        case split(Int, Int)
        /// Goes on there.
        case jump(Int)
        /// The text matches.
        case match
    }

    /// What is asked of a place between two scalars.
    enum Assertion: Sendable {
        case start
        case end
        case wordBoundary
        case noWordBoundary
    }

    /// Reads an expression.
    package init(parsing source: String) throws(PatternFault) {
        self.source = source
        var parser = PatternParser(source)
        let tree = try parser.pattern()
        var compiler = PatternCompiler()
        program = try compiler.program(of: tree)
    }

    /// Whether some part of `text` matches; nil when finding out would take more than
    /// `stepsMax` steps.
    package func matches(_ text: String) -> Bool? {
        var steps = Self.stepsMax
        return matches(text, within: &steps)
    }

    /// The same for one of many matches that share `steps`, from which it takes what it needs.
    func matches(_ text: String, within steps: inout Int) -> Bool? {
        var matcher = PatternMatcher(program: program, stepsMax: min(steps, Self.stepsMax))
        defer { steps -= matcher.steps }
        return matcher.findsMatch(in: text)
    }
}

/// Why a text is not a pattern that can be used here.
package struct PatternFault: Error, Equatable, CustomStringConvertible {
    /// Scalars before the one at which the pattern went wrong.
    package let offset: Int
    /// What is wrong there and what to write instead.
    package let reason: String

    /// The whole sentence.
    package var description: String { "at character \(offset + 1) of the pattern: \(reason)" }
}

/// A pattern as a tree.
indirect enum PatternTree {
    case set(ScalarSet)
    case assertion(TextPattern.Assertion)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repetition(PatternTree, atLeast: Int, atMost: Int?)
}
