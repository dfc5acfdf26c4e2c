import Domain
import JSON

/// A condition on fields, such as `metadata.name=web,status.phase!=Failed`.
struct FieldSelector: Sendable, Equatable {
    private struct Term: Sendable, Equatable {
        let path: [String]
        let value: String
        let isEqual: Bool
    }

    private let terms: [Term]

    /// Reads a selector.
    init(parsing text: String) throws(SandboxStatus) {
        var terms: [Term] = []
        for part in text.split(separator: ",") {
            guard let place = part.firstIndex(of: "=") else {
                throw SandboxStatus(
                    .badRequest,
                    "Unable to find \"\(text)\" that match label selector \"\", field selector "
                        + "\"\(text)\": invalid selector: '\(part)'; can't understand '\(part)'"
                )
            }
            let isEqual = !part[..<place].hasSuffix("!")
            let path = part[..<place].filter { $0 != "!" }
            terms.append(
                Term(
                    path: path.split(separator: ".").map(String.init),
                    value: String(part[place...].drop { $0 == "=" }),
                    isEqual: isEqual
                )
            )
        }
        self.terms = terms
    }

    /// The one name that is asked for, where there is one.
    var name: String? {
        terms.first { $0.path == ["metadata", "name"] && $0.isEqual }?.value
    }

    /// Whether an object is meant.
    func selects(_ object: SandboxObject) -> Bool {
        terms.allSatisfy { term in
            let value = JSON.object(object.json).value(at: JSONPointer(term.path))
            let text = value?.string ?? value.map { $0.isNull ? "" : $0.text } ?? ""
            return (text == term.value) == term.isEqual
        }
    }
}

/// Which objects of a kind a list or watch is about.
struct Selection: Sendable {
    let labels: LabelSelector
    let fields: FieldSelector?
    let namespace: String?

    init(_ query: APIQuery, namespace: String?, name: String? = nil) throws(SandboxStatus) {
        self.namespace = namespace
        do throws(SelectorFault) {
            labels = try LabelSelector(parsing: query["labelSelector"] ?? "")
        } catch {
            throw SandboxStatus(
                .badRequest,
                "unable to parse requirement: \(error.detail)"
            )
        }
        let text = [name.map { "metadata.name=\($0)" }, query["fieldSelector"]]
        let joined = text.compactMap(\.self).joined(separator: ",")
        fields = joined.isEmpty ? nil : try FieldSelector(parsing: joined)
    }

    /// Whether an object's leaving the selection must be told although it is still there.
    var canBeLeft: Bool { !labels.terms.isEmpty || fields != nil }

    /// Whether an object is meant.
    func selects(_ object: SandboxObject) -> Bool {
        (namespace == nil || namespace == object.namespace) && object.isSelected(by: labels)
            && (fields?.selects(object) ?? true)
    }
}
