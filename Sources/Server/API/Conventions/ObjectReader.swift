import JSON

/// Everything that is wrong with a request's body, collected on one pass.
///
/// Confined to the call that reads its input; never shared.
final class FaultCollector {
    private(set) var faults: [Fault] = []

    /// Whether nobody is told of further faults.
    var isFull: Bool { faults.count >= Problem.faultsMax }

    func add(_ pointer: JSONPointer, _ code: String, _ detail: String) {
        guard !isFull else { return }
        faults.append(Fault(.body(pointer), code: code, detail: detail))
    }

    /// - Throws: a problem with all faults, where there are any.
    func throwIfAny() throws(Problem) {
        guard !faults.isEmpty else { return }
        throw Problem(invalid: faults)
    }
}

/// Why a text or value cannot stand where it stands.
struct ReadingFault: Error {
    let code: String
    let detail: String

    init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

/// Reads the members of one JSON object, and remembers which names it was asked for, so that at
/// the end every other name is a fault.
struct ObjectReader {
    let pointer: JSONPointer
    private let object: JSONObject
    private let collector: FaultCollector
    /// Whether `null` stands for a member that is left out, as it does in merge patches.
    private let takesNull: Bool
    private var known: [String] = []

    init(
        _ object: JSONObject,
        at pointer: JSONPointer,
        _ collector: FaultCollector,
        takesNull: Bool
    ) {
        self.takesNull = takesNull
        self.object = object
        self.pointer = pointer
        self.collector = collector
    }

    /// The object of a body; an empty one, and a fault, where the body is none.
    init(body: JSON, _ collector: FaultCollector, takesNull: Bool) {
        if body.object == nil {
            collector.add(.root, "wrong-type", "Expected an object, not \(body.kindInWords).")
        }
        self.init(body.object ?? JSONObject(), at: .root, collector, takesNull: takesNull)
    }

    /// Whether the member is there and not `null`, whoever has read it.
    func says(_ name: String) -> Bool { !(object[name]?.isNull ?? true) }

    /// Whether the member is there, be it `null`.
    mutating func has(_ name: String) -> Bool {
        know(name)
        return object[name] != nil
    }

    /// The member read by `read`; nil where it is missing or `null`, or faulty, which is recorded.
    mutating func optional<Value>(
        _ name: String,
        orNull isNullable: Bool = false,
        _ read: (JSON) throws(ReadingFault) -> Value
    ) -> Value? {
        guard let value = value(name, orNull: isNullable) else { return nil }
        do {
            return try read(value)
        } catch {
            collector.add(pointer.appending(name), error.code, error.detail)
            return nil
        }
    }

    /// The same, where a missing member and `null` are faults as well.
    mutating func required<Value>(
        _ name: String,
        _ read: (JSON) throws(ReadingFault) -> Value
    ) -> Value? {
        know(name)
        guard let value = object[name], !value.isNull else {
            collector.add(pointer.appending(name), "missing", "The member `\(name)` is needed.")
            return nil
        }
        return optional(name) { _ throws(ReadingFault) in try read(value) }
    }

    /// Reads the object in member `name`; nil where it is missing, `null` or no object.
    mutating func object<Value>(
        _ name: String,
        isRequired: Bool = false,
        orNull isNullable: Bool = false,
        _ read: (inout ObjectReader) -> Value?
    ) -> Value? {
        let place = pointer.appending(name)
        if isRequired, object[name].map(\.isNull) ?? true {
            know(name)
            collector.add(place, "missing", "The member `\(name)` is needed.")
            return nil
        }
        guard let value = value(name, orNull: isNullable) else { return nil }
        guard let object = value.object else {
            collector.add(place, "wrong-type", "Expected an object, not \(value.kindInWords).")
            return nil
        }
        var reader = ObjectReader(object, at: place, collector, takesNull: takesNull)
        defer { reader.refuseUnknown() }
        return read(&reader)
    }

    /// Refuses each element of the array in member `name` that `read` refuses.
    mutating func array<Value>(
        _ name: String,
        orNull: Bool = false,
        countMax: Int,
        _ read: (JSON) throws(ReadingFault) -> Value
    ) -> [Value]? {
        guard let value = value(name, orNull: orNull) else { return nil }
        let place = pointer.appending(name)
        guard let elements = value.array else {
            collector.add(place, "wrong-type", "Expected an array, not \(value.kindInWords).")
            return nil
        }
        guard elements.count <= countMax else {
            collector.add(place, "too-many", "At most \(countMax) elements are taken.")
            return nil
        }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            do {
                values.append(try read(element))
            } catch {
                collector.add(place.appending(index), error.code, error.detail)
            }
        }
        return values
    }

    /// Reads the array of objects in member `name`; those that `read` refuses are left out.
    mutating func objects<Value>(
        _ name: String,
        countMax: Int,
        orNull isNullable: Bool = false,
        _ read: (inout ObjectReader) -> Value?
    ) -> [Value]? {
        guard let value = value(name, orNull: isNullable) else { return nil }
        let place = pointer.appending(name)
        guard let elements = value.array else {
            collector.add(place, "wrong-type", "Expected an array, not \(value.kindInWords).")
            return nil
        }
        guard elements.count <= countMax else {
            collector.add(place, "too-many", "At most \(countMax) elements are taken.")
            return nil
        }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            let place = place.appending(index)
            guard let object = element.object else {
                let kind = element.kindInWords
                collector.add(place, "wrong-type", "Expected an object, not \(kind).")
                continue
            }
            var reader = ObjectReader(object, at: place, collector, takesNull: takesNull)
            if let value = read(&reader) { values.append(value) }
            reader.refuseUnknown()
        }
        return values
    }

    /// Records a fault of member `name`.
    func refuse(_ name: String, _ code: String, _ detail: String) {
        collector.add(pointer.appending(name), code, detail)
    }

    /// Records a fault anywhere below.
    func refuse(at place: JSONPointer, _ code: String, _ detail: String) {
        collector.add(place, code, detail)
    }

    /// Records every member that nothing asked for, with the name that was likely meant.
    func refuseUnknown() {
        for member in object where !known.contains(member.key) {
            guard !collector.isFull else { return }
            let hint =
                if let near = nearest(to: member.key, in: known) {
                    "Did you mean `\(near)`?"
                } else {
                    "Known are: \(known.joined(separator: ", "))."
                }
            collector.add(
                pointer.appending(member.key),
                "unknown-member",
                "There is no such member. \(hint)"
            )
        }
    }

    /// The member's value; nil where it is left out, or `null` where that means the same.
    ///
    /// Any other `null` is a fault.
    private mutating func value(_ name: String, orNull isNullable: Bool) -> JSON? {
        know(name)
        guard let value = object[name] else { return nil }
        guard value.isNull else { return value }
        if !takesNull, !isNullable {
            collector.add(
                pointer.appending(name),
                "wrong-type",
                "The member cannot be null. Leave it out instead."
            )
        }
        return nil
    }

    private mutating func know(_ name: String) {
        if !known.contains(name) { known.append(name) }
    }
}
