import JSON

extension Problem {
    /// A body of which these members are wrong.
    init(invalid faults: [Fault]) {
        self.init(
            .invalidInput,
            "Correct what `errors` lists and send the request again.",
            faults: Array(faults.prefix(Self.faultsMax))
        )
    }

    /// A body of which one member of `spec` is wrong: which, the code, and what to do.
    init(invalidSpec member: String, _ code: String, _ detail: String) {
        self.init(invalid: JSONPointer(["spec", member]), code, detail)
    }

    /// A body of which one place is wrong: where, the code, and what to do.
    init(invalid place: JSONPointer, _ code: String, _ detail: String) {
        self.init(invalid: [Fault(.body(place), code: code, detail: detail)])
    }

    /// What follows from each item; where members of a body are wrong, those of all items are told
    /// at once.
    static func collecting<Item, Value>(
        from items: [Item],
        _ body: (Item) async throws -> Value?
    ) async throws -> [Value] {
        var values: [Value] = []
        var faults: [Fault] = []
        for item in items {
            do {
                if let value = try await body(item) { values.append(value) }
            } catch let problem as Problem where problem.kind == .invalidInput {
                guard !problem.faults.isEmpty else { throw problem }
                faults += problem.faults
            }
        }
        guard faults.isEmpty else { throw Problem(invalid: faults) }
        return values
    }
}
