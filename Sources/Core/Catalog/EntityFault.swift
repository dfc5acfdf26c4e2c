package import JSON

/// One thing that is wrong with an entity or another descriptor, and where.
package struct EntityFault: Sendable, Hashable {
    /// The member that it is about.
    package let pointer: JSONPointer
    /// A word for programs, such as `missing`.
    package let code: String
    /// A sentence that says what to do.
    package let detail: String
}

/// Everything that is wrong with a descriptor, at once.
package struct EntityFaults: Error, Sendable, Equatable {
    /// The most faults that are told of one.
    package static let countMax = 100

    /// The faults in the order of the document; never empty when thrown.
    package private(set) var entries: [EntityFault] = []

    /// Nothing yet.
    package init() {}

    /// Whether nobody is told of further faults.
    var isFull: Bool { entries.count >= Self.countMax }

    /// One more; nothing where there are as many as are told.
    package mutating func add(_ pointer: JSONPointer, _ code: String, _ detail: String) {
        guard !isFull else { return }
        entries.append(EntityFault(pointer: pointer, code: code, detail: detail))
    }

    func throwIfAny() throws(EntityFaults) {
        guard entries.isEmpty else { throw self }
    }
}
