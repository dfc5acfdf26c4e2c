import Domain
import JSON

/// The rules that an object of any kind must keep.
struct ObjectCheck {
    /// The most bytes of an object: 1.5 MiB, as etcd has it.
    static let bytesMax = 1_572_864
    /// The most bytes of all annotations together: 256 KiB.
    private static let annotationBytesMax = 262_144
    /// What says how many things there are to be.
    private static let counts: Set = ["replicas", "completions", "parallelism"]
    /// The most things that one object has made: more than anybody looks at.
    private static let countMax = 1_000
    /// The largest number: sums and products of two stay within 64 bits.
    private static let numberMax = 1e15

    private let resource: SandboxResource
    private var causes: [SandboxStatus.Cause] = []

    /// Looks at a new object, or at the next state of one.
    ///
    /// - Throws: `.invalid` with every cause.
    static func examine(
        _ new: SandboxObject,
        replacing old: SandboxObject? = nil,
        as resource: SandboxResource
    ) throws(SandboxStatus) {
        var check = ObjectCheck(resource: resource)
        check.place(new)
        check.labels(new)
        check.numbers(.object(new.json), "")
        if let old { check.changes(new, old) }
        guard check.causes.isEmpty else { throw .invalid(resource, new.name, check.causes) }
        guard new.stored.count <= bytesMax else { throw .tooLarge(limit: bytesMax) }
    }

    private init(resource: SandboxResource) { self.resource = resource }

    /// Whoever plays adds numbers up and makes as many things as they say.
    private mutating func numbers(_ value: JSON, _ place: String) {
        switch value {
        case .object(let members):
            for member in members {
                let inside = place.isEmpty ? member.key : "\(place).\(member.key)"
                if Self.counts.contains(member.key), let count = member.value.int,
                    !(0...Self.countMax).contains(count)
                {
                    let message = "must be between 0 and \(Self.countMax) in the sandbox"
                    causes.append(.invalid(inside, message))
                }
                numbers(member.value, inside)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() { numbers(element, "\(place)[\(index)]") }
        case .number(let number) where abs(number.double) > Self.numberMax:
            causes.append(.invalid(place, "the sandbox takes no number beyond 10^15"))
        default: break
        }
    }

    private mutating func place(_ object: SandboxObject) {
        if resource.isNamespaced != (object.namespace != nil) {
            let cause: (String, String) =
                resource.isNamespaced
                ? ("FieldValueRequired", "Required value")
                : ("FieldValueForbidden", "Forbidden: not allowed on this type")
            causes.append(.init(cause.0, cause.1, field: "metadata.namespace"))
        }
        let name = object.name
        guard !name.isEmpty else {
            let message = "Required value: name or generateName is required"
            causes.append(.init("FieldValueRequired", message, field: "metadata.name"))
            return
        }
        if let rule = brokenRule(of: name) {
            let message = "Invalid value: \(JSON.string(name).text): \(rule)"
            causes.append(.invalid("metadata.name", message))
        }
    }

    /// What a name does not keep; nil for one that is fine.
    private func brokenRule(of name: String) -> String? {
        if resource.group == "rbac.authorization.k8s.io" {
            let isGood = !name.contains("/") && !name.contains("%") && name != "." && name != ".."
            return isGood ? nil : "may not contain '/'"
        }
        let isLabel = ["Namespace", "Service"].contains(resource.kind.name) && resource.isBuiltIn
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isGood =
            name.utf8.count <= (isLabel ? 63 : 253) && (!isLabel || labels.count == 1)
            && labels.allSatisfy { Self.isLabel($0) }
        if isGood { return nil }
        return isLabel
            ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
                + "'-', and must start and end with an alphanumeric character (e.g. 'my-name',  or "
                + "'123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
                + "'-' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    }

    private static func isLabel(_ text: Substring) -> Bool {
        let isWord: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isWord(first) && isWord(last)
            && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    private mutating func labels(_ object: SandboxObject) {
        for field in ["labels", "annotations"] {
            for member in object.metadata[field]?.object ?? JSONObject()
            where member.value.string == nil {
                let message = "Invalid value: \(member.value.text): must be a string"
                causes.append(.invalid("metadata.\(field).\(member.key)", message))
            }
        }
        for (key, value) in object.labels {
            if (try? LabelValue(parsing: value)) == nil {  // What is none is the finding.
                let message =
                    "Invalid value: \(JSON.string(value).text): a valid label must be an empty "
                    + "string or consist of alphanumeric characters, '-', '_' or '.', and must "
                    + "start and end with an alphanumeric character (e.g. 'MyValue',  or "
                    + "'my_value',  or '12345', regex used for validation is "
                    + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                causes.append(.invalid("metadata.labels", message))
            }
            if (try? LabelKey(parsing: key)) == nil {  // What is none is the finding.
                let message =
                    "Invalid value: \(JSON.string(key).text): name part must consist of "
                    + "alphanumeric characters, '-', '_' or '.'"
                causes.append(.invalid("metadata.labels", message))
            }
        }
        let size = object.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Self.annotationBytesMax {
            let message = "Too long: may not be more than \(Self.annotationBytesMax) bytes"
            causes.append(.init("FieldValueTooLong", message, field: "metadata.annotations"))
        }
    }

    private mutating func changes(_ new: SandboxObject, _ old: SandboxObject) {
        if old.isDeleting, !Set(new.finalizers).isSubset(of: Set(old.finalizers)) {
            let message = "Forbidden: no new finalizers can be added if the object is being deleted"
            causes.append(.init("FieldValueForbidden", message, field: "metadata.finalizers"))
        }
        guard resource.isBuiltIn else { return }
        let field: [String] =
            switch (resource.group, resource.kind.name) {
            case ("", "Secret"): ["type"]
            case ("rbac.authorization.k8s.io", "RoleBinding"),
                ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
                ["roleRef"]
            case ("apps", _): ["spec", "selector"]
            default: []
            }
        guard !field.isEmpty else { return }
        let value = JSON.object(new.json).value(at: JSONPointer(field))
        if value != JSON.object(old.json).value(at: JSONPointer(field)) {
            causes.append(.immutable(field.joined(separator: "."), value))
        }
    }
}
