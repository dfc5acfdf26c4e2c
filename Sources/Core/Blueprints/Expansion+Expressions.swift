import JSON

extension Expansion {
    /// Where an expression started and what it is about.
    private struct Subject {
        let start: Int
        let name: String
        let value: [UInt8]?
        let isWanted: Bool
    }

    /// Takes `${…}` and returns what stands for it; nil when something was found.
    ///
    /// What is not wanted (a default that is not needed) is parsed all the same, but an undefined
    /// variable in it is no finding.
    mutating func expression(depth: Int, isWanted: Bool) -> [UInt8]? {
        let start = position
        position += 2
        guard depth < limits.nestingMax else {
            report(
                .limit,
                at: start,
                message: "`${` is nested deeper than \(limits.nestingMax); use fewer defaults"
            )
            return nil
        }
        let isLength = byte() == UInt8(ascii: "#")
        if isLength { position += 1 }
        guard let name = name() else {
            reportBadName(at: start)
            return nil
        }
        let subject = Subject(start: start, name: name, value: values[name], isWanted: isWanted)
        note(subject)
        guard charge(subject.value?.count ?? 0) else { return nil }
        guard !isLength else { return length(of: subject) }
        return operation(on: subject, depth: depth)
    }

    private mutating func operation(on subject: Subject, depth: Int) -> [UInt8]? {
        switch byte() {
        case .closeBrace:
            position += 1
            return defined(subject)
        case .colon:
            return afterColon(subject, depth: depth)
        case UInt8(ascii: "="):
            position += 1
            return fallback(for: subject, depth: depth, alsoWhenEmpty: true)
        case UInt8(ascii: "-"):
            position += 1
            return fallback(for: subject, depth: depth, alsoWhenEmpty: false)
        case UInt8(ascii: "^"), UInt8(ascii: ","):
            return casing(of: subject)
        case .slash:
            return replacement(in: subject, depth: depth)
        case UInt8(ascii: "#"), UInt8(ascii: "%"):
            return removal(from: subject, depth: depth)
        case UInt8(ascii: "?"), UInt8(ascii: "+"):
            return unsupported(subject)
        default:
            return unfinished(subject)
        }
    }

    private mutating func afterColon(_ subject: Subject, depth: Int) -> [UInt8]? {
        switch byte(after: 1) {
        case UInt8(ascii: "-"), UInt8(ascii: "="):
            position += 2
            return fallback(for: subject, depth: depth, alsoWhenEmpty: true)
        case UInt8(ascii: "?"), UInt8(ascii: "+"):
            return unsupported(subject)
        default:
            position += 1
            return substring(of: subject, depth: depth)
        }
    }

    /// Takes `${V:-d}`, `${V:=d}`, `${V=d}` or `${V-d}`.
    ///
    /// clusterctl and Flux use the default of `=` for an empty value as well; `-` without a colon
    /// is unknown to them and means what POSIX says.
    private mutating func fallback(
        for subject: Subject,
        depth: Int,
        alsoWhenEmpty: Bool
    ) -> [UInt8]? {
        let isNeeded = subject.value.map { alsoWhenEmpty && $0.isEmpty } ?? true
        let wanted = subject.isWanted && isNeeded && uses == nil
        let (start, use) = (position, uses?.indices.last)
        guard let text = argument(of: subject, depth: depth, isWanted: wanted) else { return nil }
        if let use {
            uses?[use].fallback = String(decoding: self.text[start..<position], as: UTF8.self)
        }
        position += 1
        return isNeeded ? text : subject.value
    }

    /// `${#V}`: the number of characters.
    private mutating func length(of subject: Subject) -> [UInt8]? {
        guard take(.closeBrace) else { return unfinished(subject) }
        return defined(subject).map { Array(String($0.count { $0 & 0xC0 != 0x80 }).utf8) }
    }

    /// Takes `${V:offset}` or `${V:offset:length}`.
    private mutating func substring(of subject: Subject, depth: Int) -> [UInt8]? {
        guard
            let offset = argument(
                of: subject,
                depth: depth,
                isWanted: subject.isWanted,
                endsAtColon: true
            )
        else { return nil }
        var length: [UInt8]?
        if take(.colon) {
            length = argument(of: subject, depth: depth, isWanted: subject.isWanted)
            guard length != nil else { return nil }
        }
        position += 1
        guard let value = defined(subject) else { return nil }
        guard subject.isWanted, uses == nil else { return [] }
        guard let cut = ValueOperation.substring(value, offset: offset, length: length) else {
            report(
                .badSubstitution,
                at: subject.start,
                variable: subject.name,
                message: "the offset and length of `${\(subject.name):…}` must be whole numbers"
            )
            return nil
        }
        return cut
    }

    /// Takes `${V^}`, `${V^^}`, `${V,}` or `${V,,}`.
    private mutating func casing(of subject: Subject) -> [UInt8]? {
        let isUpper = byte() == UInt8(ascii: "^")
        let isWhole = byte(after: 1) == byte()
        position += isWhole ? 2 : 1
        guard take(.closeBrace) else { return unfinished(subject) }
        return defined(subject).map { ValueOperation.cased($0, upper: isUpper, whole: isWhole) }
    }

    /// `${V/p/r}`, `${V//p/r}`, `${V/#p/r}`, `${V/%p/r}`; the pattern is taken literally.
    private mutating func replacement(in subject: Subject, depth: Int) -> [UInt8]? {
        position += 1
        var place = ValueOperation.Place.first
        switch byte() {
        case .slash: place = .every
        case UInt8(ascii: "#"): place = .prefix
        case UInt8(ascii: "%"): place = .suffix
        default: break
        }
        if place != .first { position += 1 }
        let wanted = subject.isWanted
        guard
            let pattern = argument(
                of: subject,
                depth: depth,
                isWanted: wanted,
                endsAtSlash: true,
                isEscaped: true
            )
        else { return nil }
        var substitute: [UInt8] = []
        if take(.slash) {
            guard
                let text = argument(of: subject, depth: depth, isWanted: wanted, isEscaped: true)
            else { return nil }
            substitute = text
        }
        position += 1
        guard let value = defined(subject), charge(pattern.count) else { return nil }
        let result = ValueOperation.replacing(
            pattern,
            in: value,
            with: substitute,
            at: place,
            bytesMax: limits.outputBytesMax
        )
        if result == nil {
            report(
                .limit,
                at: subject.start,
                variable: subject.name,
                message: "`${\(subject.name)/…}` grows beyond \(limits.outputBytesMax) bytes"
            )
        }
        return result
    }

    /// `${V#p}`, `${V##p}`, `${V%p}`, `${V%%p}`; `*`, `?` and `[…]` are patterns.
    private mutating func removal(from subject: Subject, depth: Int) -> [UInt8]? {
        let sign = byte()
        let isLongest = byte(after: 1) == sign
        position += isLongest ? 2 : 1
        guard let text = argument(of: subject, depth: depth, isWanted: subject.isWanted)
        else { return nil }
        position += 1
        guard let value = defined(subject) else { return nil }
        guard let pattern = GlobPattern(text, limit: limits.patternMax) else {
            report(
                .limit,
                at: subject.start,
                variable: subject.name,
                message: "the pattern is longer than \(limits.patternMax) characters"
            )
            return nil
        }
        guard charge(value.count * pattern.count) else { return nil }
        return sign == UInt8(ascii: "#")
            ? pattern.removingPrefix(from: value, longest: isLongest)
            : pattern.removingSuffix(from: value, longest: isLongest)
    }

    /// Text up to the closing brace (or what else ends it), with expressions in it filled in.
    ///
    /// The position is left on what ended it.
    private mutating func argument(
        of subject: Subject,
        depth: Int,
        isWanted: Bool,
        endsAtColon: Bool = false,
        endsAtSlash: Bool = false,
        isEscaped: Bool = false
    ) -> [UInt8]? {
        var output: [UInt8] = []
        while let next = byte() {
            switch next {
            case .closeBrace: return output
            case .colon where endsAtColon: return output
            case .slash where endsAtSlash: return output
            case .dollar:
                dollar(into: &output, depth: depth + 1, isWanted: isWanted)
            case .backslash where isEscaped && (byte(after: 1) == .slash || byte(after: 1) == next):
                output.append(text[position + 1])
                position += 2
            default:
                output.append(next)
                position += 1
            }
        }
        return unfinished(subject)
    }
}

extension Expansion {
    private mutating func note(_ subject: Subject) {
        guard uses != nil else { return }
        let line = place(of: subject.start).line
        uses?.append(VariableUse(name: subject.name, line: line, isOptional: !subject.isWanted))
    }

    private mutating func defined(_ subject: Subject) -> [UInt8]? {
        if let value = subject.value { return value }
        guard subject.isWanted, uses == nil else { return [] }
        let name = subject.name
        let hint =
            nearest(to: name, in: values.keys.sorted()).map { "; did you mean \($0)?" } ?? "."
        let isOfOthers = name.hasPrefix(EnvironmentValues.dependencyPrefix)
        let remedy =
            isOfOthers
            ? "Add what says it to `spec.dependencies`"
            : "Declare it under `variables` in blueprint.yaml"
        report(
            .undefinedVariable,
            at: subject.start,
            variable: name,
            message: "the variable \(name) is not defined\(hint) \(remedy), give a default with "
                + "`${\(name):-…}`, or write `$${\(name)}` if the text itself is meant"
        )
        return nil
    }

    private mutating func unfinished(_ subject: Subject) -> [UInt8]? {
        let isEnd = position >= text.count
        report(
            isEnd ? .unfinishedSubstitution : .badSubstitution,
            at: subject.start,
            variable: subject.name,
            message: isEnd
                ? "`${\(subject.name)` has no closing `}`; add it, or write `$${` for a plain `${`"
                : "`${\(subject.name)` goes on with something that is not an operation; "
                    + "write `$${` for a literal `${`"
        )
        return nil
    }

    private mutating func unsupported(_ subject: Subject) -> [UInt8]? {
        report(
            .badSubstitution,
            at: subject.start,
            variable: subject.name,
            message: "`:?`, `:+`, `?` and `+` mean something else to clusterctl and Flux than to a "
                + "shell and are not taken; use `${\(subject.name):-…}`"
        )
        return nil
    }

    private mutating func reportBadName(at start: Int) {
        let isEnd = position >= text.count
        report(
            isEnd ? .unfinishedSubstitution : .badSubstitution,
            at: start,
            message: "`${` must be followed by a variable's name (letters, digits, `_`); "
                + "write `$${` for a literal `${`"
        )
    }
}
