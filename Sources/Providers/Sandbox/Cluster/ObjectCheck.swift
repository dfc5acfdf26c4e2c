import Domain
import JSON

/// The rules that an object of any kind must keep.
struct ObjectCheck {
    /// The most bytes of an object: 1.5 MiB, as etcd has it.
    static let bytesMax = 1_572_864
    /// The most bytes of all annotations together: 256 KiB.
    private static let annotationBytesMax = 262_144
    private static let labelLengthMax = 63
    /// What says how many things there are to be.
    private static let counts: Set = ["replicas", "completions", "parallelism"]
    /// The most things that one object has made: more than anybody looks at.
    private static let countMax = 1_000
    /// The largest number: sums and products of two stay within 64 bits.
    private static let numberMax = 1e15
    private static let nameLengthMax = 253

    let resource: SandboxResource

    init(_ resource: SandboxResource) { self.resource = resource }

    /// Looks at a new object, or at the next state of one.
    ///
    /// - Throws: `.invalid` with every cause.
    func examine(_ new: SandboxObject, replacing old: SandboxObject? = nil) throws(SandboxStatus) {
        var causes: [SandboxStatus.Cause] = []
        name(new.name, &causes)
        if resource.isNamespaced, new.namespace == nil {
            causes.append(
                .init("FieldValueRequired", "Required value", field: "metadata.namespace")
            )
        }
        if !resource.isNamespaced, new.namespace != nil {
            causes.append(
                .init(
                    "FieldValueForbidden",
                    "Forbidden: not allowed on this type",
                    field: "metadata.namespace"
                )
            )
        }
        labels(new, &causes)
        numbers(.object(new.json), "", &causes)
        if let old { changes(new, old, &causes) }
        guard causes.isEmpty else { throw .invalid(resource, new.name, causes) }
        guard new.stored.count <= Self.bytesMax else {
            throw SandboxStatus(
                .tooLarge,
                "Request entity too large: limit is \(Self.bytesMax)"
            )
        }
    }

    /// Whoever plays adds numbers up and makes as many things as they say.
    private func numbers(
        _ value: JSON,
        _ place: String,
        _ causes: inout [SandboxStatus.Cause]
    ) {
        switch value {
        case .object(let members):
            for member in members {
                let inside = place.isEmpty ? member.key : "\(place).\(member.key)"
                if Self.counts.contains(member.key), let count = member.value.int,
                    !(0...Self.countMax).contains(count)
                {
                    let message = "must be between 0 and \(Self.countMax) in the sandbox"
                    causes.append(.init("FieldValueInvalid", message, field: inside))
                }
                numbers(member.value, inside, &causes)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                numbers(element, "\(place)[\(index)]", &causes)
            }
        case .number(let number):
            guard abs(number.double) > Self.numberMax else { return }
            let message = "the sandbox takes no number beyond 10^15"
            causes.append(.init("FieldValueInvalid", message, field: place))
        default: break
        }
    }

    private func name(_ name: String, _ causes: inout [SandboxStatus.Cause]) {
        if name.isEmpty {
            let message = "Required value: name or generateName is required"
            causes.append(.init("FieldValueRequired", message, field: "metadata.name"))
            return
        }
        let isPath = resource.group == "rbac.authorization.k8s.io"
        if isPath {
            if name.contains("/") || name.contains("%") || name == "." || name == ".." {
                causes.append(invalidName(name, "may not contain '/'"))
            }
            return
        }
        let isLabel = ["Namespace", "Service"].contains(resource.kind.name) && resource.isBuiltIn
        let longest = isLabel ? Self.labelLengthMax : Self.nameLengthMax
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isGood =
            name.utf8.count <= longest && (!isLabel || labels.count == 1)
            && labels.allSatisfy { Self.isLabel($0) }
        if isGood { return }
        causes.append(
            invalidName(
                name,
                isLabel
                    ? "a lowercase RFC 1123 label must consist of lower case alphanumeric "
                        + "characters or '-', and must start and end with an alphanumeric "
                        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                    : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                        + "characters, '-' or '.', and must start and end with an alphanumeric "
                        + "character (e.g. 'example.com', regex used for validation is "
                        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            )
        )
    }

    private func invalidName(_ name: String, _ rule: String) -> SandboxStatus.Cause {
        .init(
            "FieldValueInvalid",
            "Invalid value: \(JSON.string(name).text): \(rule)",
            field: "metadata.name"
        )
    }

    private static func isLabel(_ text: Substring) -> Bool {
        let isWord: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isWord(first) && isWord(last)
            && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    private func labels(_ object: SandboxObject, _ causes: inout [SandboxStatus.Cause]) {
        for field in ["labels", "annotations"] {
            for member in object.metadata[field]?.object ?? JSONObject()
            where member.value.string == nil {
                causes.append(
                    .init(
                        "FieldValueInvalid",
                        "Invalid value: \(member.value.text): must be a string",
                        field: "metadata.\(field).\(member.key)"
                    )
                )
            }
        }
        for (key, value) in object.labels {
            if (try? LabelValue(parsing: value)) == nil {  // What is none is the finding.
                causes.append(
                    .init(
                        "FieldValueInvalid",
                        "Invalid value: \(JSON.string(value).text): a valid label must be an empty "
                            + "string or consist of alphanumeric characters, '-', '_' or '.', and "
                            + "must start and end with an alphanumeric character (e.g. 'MyValue',  "
                            + "or 'my_value',  or '12345', regex used for validation is "
                            + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
                        field: "metadata.labels"
                    )
                )
            }
            if (try? LabelKey(parsing: key)) == nil {  // What is none is the finding.
                causes.append(
                    .init(
                        "FieldValueInvalid",
                        "Invalid value: \(JSON.string(key).text): name part must consist of "
                            + "alphanumeric characters, '-', '_' or '.'",
                        field: "metadata.labels"
                    )
                )
            }
        }
        let size = object.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Self.annotationBytesMax {
            causes.append(
                .init(
                    "FieldValueTooLong",
                    "Too long: may not be more than 262144 bytes",
                    field: "metadata.annotations"
                )
            )
        }
    }

    private func changes(
        _ new: SandboxObject,
        _ old: SandboxObject,
        _ causes: inout [SandboxStatus.Cause]
    ) {
        if old.isDeleting, !Set(new.finalizers).isSubset(of: Set(old.finalizers)) {
            let message = "Forbidden: no new finalizers can be added if the object is being deleted"
            causes.append(.init("FieldValueForbidden", message, field: "metadata.finalizers"))
        }
        let immutable: [(String, String)] =
            switch resource.kind.name {
            case "Secret": [("type", "type")]
            case "RoleBinding", "ClusterRoleBinding": [("roleRef", "roleRef")]
            default: []
            }
        for (field, path) in immutable where new.json[field] != old.json[field] {
            causes.append(
                .init(
                    "FieldValueInvalid",
                    "Invalid value: \((new.json[field] ?? .null).text): field is immutable",
                    field: path
                )
            )
        }
        if resource.isBuiltIn, resource.group == "apps",
            new.spec["selector"] != old.spec["selector"]
        {
            causes.append(
                .init(
                    "FieldValueInvalid",
                    "Invalid value: \((new.spec["selector"] ?? .null).text): field is immutable",
                    field: "spec.selector"
                )
            )
        }
    }
}
