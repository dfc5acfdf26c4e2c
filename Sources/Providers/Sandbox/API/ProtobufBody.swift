import JSON
import Secrets

/// Bodies in Kubernetes' protobuf form, as kubectl's own commands (`create namespace`, `create
/// token`, `auth can-i`) send them whatever the server says it takes.
///
/// The fields that those commands set are known; a body with others is refused with the advice to
/// send JSON.
enum ProtobufBody {
    /// What stands before the envelope.
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]
    /// Messages within messages: 16.
    private static let depthMax = 16

    /// Reads a body.
    static func parse(_ bytes: [UInt8]) throws(SandboxStatus) -> JSON {
        guard bytes.starts(with: magic) else { throw unknown("the envelope") }
        let envelope = bytes[magic.count...]
        let type = try message("Envelope", envelope, depth: 0)
        var object = type["type"]?.object ?? JSONObject()
        let kind = object["kind"]?.string ?? ""
        var content: ArraySlice<UInt8> = []
        var reader = ProtobufReader(envelope)
        while let part = try reader.next() {
            if part.number == 2, case .bytes(let bytes) = part.value { content = bytes }
        }
        for member in try message(kind, content, depth: 0) { object[member.key] = member.value }
        return .object(object)
    }

    private static func unknown(_ what: String) -> SandboxStatus {
        SandboxStatus(
            .unsupportedMediaType,
            "the sandbox does not know \(what) in protobuf; send it as JSON or YAML, such as with "
                + "kubectl apply -f"
        )
    }

    private static func message(
        _ name: String,
        _ bytes: ArraySlice<UInt8>,
        depth: Int
    ) throws(SandboxStatus) -> JSONObject {
        guard depth < depthMax, let fields = messages[name] else { throw unknown(name) }
        var result = JSONObject()
        var reader = ProtobufReader(bytes)
        while let part = try reader.next() {
            guard let field = fields[part.number] else {
                // Written for fields that are not set, too.
                if part.value.isHollow(within: depthMax) { continue }
                throw unknown("field \(part.number) of \(name)")
            }
            guard let value = try value(part.value, field, depth: depth) else { continue }
            switch (field.isList, result[field.name], value) {
            case (true, let before, _):
                result[field.name] = .array((before?.array ?? []) + [value])
            case (false, .object(let before)?, .object):
                result[field.name] = .object(before).merging(patch: value)
            default: result[field.name] = value
            }
        }
        return result
    }

    /// What a field says; nil where that is nothing.
    private static func value(
        _ value: ProtobufReader.Value,
        _ field: Field,
        depth: Int
    ) throws(SandboxStatus) -> JSON? {
        switch (field.type, value) {
        case ("_", _): return nil
        case ("s", .bytes(let bytes)):
            return bytes.isEmpty && !field.isList ? nil : .string(Self.text(bytes))
        case ("i", .number(let number)): return number == 0 ? nil : .integer(number)
        case ("I", .number(let number)): return .integer(number)
        case ("b", .number(let number)): return number == 0 ? nil : true
        case ("m", .bytes(let bytes)), ("M", .bytes(let bytes)):
            var entry: [Int: ArraySlice<UInt8>] = [:]
            var reader = ProtobufReader(bytes)
            while let part = try reader.next() {
                if case .bytes(let bytes) = part.value { entry[part.number] = bytes }
            }
            let content = entry[2] ?? []
            let text = field.type == "M" ? Base64.encode(Array(content)) : Self.text(content)
            var member = JSONObject()
            member[Self.text(entry[1] ?? [])] = .string(text)
            return .object(member)
        case (_, .bytes(let bytes)):
            let object = try message(field.type, bytes, depth: depth + 1)
            return object.isEmpty && !field.isList ? nil : .object(object)
        default: throw unknown(field.name)
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// One field: `s` text, `i` whole number (`I` where 0 says something), `b` truth, `m` texts by
    /// name, `M` bytes by name, `_` what the server sets itself, or another message; `*` for a
    /// list.
    private struct Field {
        let name: String
        let type: String
        let isList: Bool
    }

    /// The messages by name, and their fields by number.
    private static let messages: [String: [Int: Field]] = {
        var messages: [String: [Int: Field]] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            var fields: [Int: Field] = [:]
            for word in words.dropFirst() {
                let parts = word.split { $0 == "=" || $0 == ":" }
                precondition(parts.count == 3, "the table of messages has a bad word: \(word)")
                let type = String(parts[2].filter { $0 != "*" })
                fields[Int(parts[0]) ?? 0] = Field(
                    name: String(parts[1]),
                    type: type,
                    isList: parts[2].hasSuffix("*")
                )
            }
            messages[String(words[0])] = fields
        }
        return messages
    }()

    private static let table = """
        Envelope 1=type:TypeMeta 2=content:_ 3=encoding:_ 4=type:_
        TypeMeta 1=apiVersion:s 2=kind:s
        ObjectMeta 1=name:s 2=generateName:s 3=namespace:s 5=uid:s 8=creationTimestamp:_ \
        11=labels:m 12=annotations:m 14=finalizers:s* 17=managedFields:_
        Namespace 1=metadata:ObjectMeta 2=spec:_ 3=status:_
        ConfigMap 1=metadata:ObjectMeta 4=immutable:b 2=data:m 3=binaryData:M
        Secret 1=metadata:ObjectMeta 5=immutable:b 2=data:M 4=stringData:m 3=type:s
        ServiceAccount 1=metadata:ObjectMeta 3=imagePullSecrets:LocalObjectReference* \
        4=automountServiceAccountToken:b
        TokenRequest 1=metadata:ObjectMeta 2=spec:TokenRequestSpec 3=status:_
        TokenRequestSpec 1=audiences:s* 4=expirationSeconds:i
        SelfSubjectAccessReview 1=metadata:ObjectMeta 2=spec:SelfSubjectAccessReviewSpec 3=status:_
        SelfSubjectAccessReviewSpec 1=resourceAttributes:ResourceAttributes \
        2=nonResourceAttributes:NonResourceAttributes
        ResourceAttributes 1=namespace:s 2=verb:s 3=group:s 4=version:s 5=resource:s \
        6=subresource:s 7=name:s
        NonResourceAttributes 1=path:s 2=verb:s
        SelfSubjectRulesReview 1=metadata:ObjectMeta 2=spec:SelfSubjectRulesReviewSpec 3=status:_
        SelfSubjectRulesReviewSpec 1=namespace:s
        SelfSubjectReview 1=metadata:ObjectMeta 2=status:_
        Role 1=metadata:ObjectMeta 2=rules:PolicyRule*
        RoleBinding 1=metadata:ObjectMeta 2=subjects:Subject* 3=roleRef:RoleRef
        ClusterRole 1=metadata:ObjectMeta 2=rules:PolicyRule*
        ClusterRoleBinding 1=metadata:ObjectMeta 2=subjects:Subject* 3=roleRef:RoleRef
        PolicyRule 1=verbs:s* 2=apiGroups:s* 3=resources:s* 4=resourceNames:s* \
        5=nonResourceURLs:s*
        RoleRef 1=apiGroup:s 2=kind:s 3=name:s
        Subject 1=kind:s 2=apiGroup:s 3=name:s 4=namespace:s
        Deployment 1=metadata:ObjectMeta 2=spec:DeploymentSpec 3=status:_
        DeploymentSpec 1=replicas:I 2=selector:LabelSelector 3=template:PodTemplateSpec
        LabelSelector 1=matchLabels:m
        PodTemplateSpec 1=metadata:ObjectMeta 2=spec:PodSpec
        Pod 1=metadata:ObjectMeta 2=spec:PodSpec 3=status:_
        PodSpec 2=containers:Container* 3=restartPolicy:s 4=terminationGracePeriodSeconds:i
        Container 1=name:s 2=image:s 3=command:s* 4=args:s* 6=ports:ContainerPort* 7=env:EnvVar* \
        14=imagePullPolicy:s
        ContainerPort 1=name:s 3=containerPort:i 4=protocol:s
        EnvVar 1=name:s 2=value:s
        LocalObjectReference 1=name:s
        """
}

/// The fields of one protobuf message, one after the other.
struct ProtobufReader {
    /// What a field holds.
    enum Value {
        case number(Int64)
        case bytes(ArraySlice<UInt8>)

        /// Whether it is what stands for nothing, or a message of nothing but that, told from
        /// `levels` of messages; what goes deeper says something.
        func isHollow(within levels: Int) -> Bool {
            switch self {
            case .number(let number): return number == 0
            case .bytes(let bytes):
                guard bytes.isEmpty || levels > 0 else { return false }
                var reader = ProtobufReader(bytes)
                do throws(SandboxStatus) {
                    while let part = try reader.next() {
                        guard part.value.isHollow(within: levels - 1) else { return false }
                    }
                    return true
                } catch {
                    return false  // A text: it says something.
                }
            }
        }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; nil at the end.
    mutating func next() throws(SandboxStatus) -> (number: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (Int(tag >> 3), .number(Int64(bitPattern: try varint())))
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw Self.broken }
            defer { rest = rest.dropFirst(Int(count)) }
            return (Int(tag >> 3), .bytes(rest.prefix(Int(count))))
        default: throw Self.broken
        }
    }

    private static var broken: SandboxStatus {
        SandboxStatus(.badRequest, "error decoding protobuf: the body is cut off")
    }

    private mutating func varint() throws(SandboxStatus) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Self.broken }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Self.broken
    }
}
