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

    /// One field: `s` text, `i` whole number (`I` where 0 says something), `b` truth, `m` texts by
    /// name, `M` bytes by name, `q` quantities by name, `x` number or text, or another message;
    /// `*` for a list.
    private struct Field {
        let name: String
        let type: String
        let isList: Bool
    }

    /// Reads a body.
    static func parse(_ bytes: [UInt8]) throws(SandboxStatus) -> JSON {
        guard bytes.starts(with: magic) else { throw unknown("the envelope is missing") }
        var object = JSONObject()
        var raw: ArraySlice<UInt8> = []
        var envelope = ProtobufReader(bytes[magic.count...])
        while let field = try envelope.next() {
            guard case .bytes(let value) = field.value else { continue }
            switch field.number {
            case 1:
                var type = ProtobufReader(value)
                while let part = try type.next() {
                    guard case .bytes(let text) = part.value else { continue }
                    object[part.number == 1 ? "apiVersion" : "kind"] =
                        .string(String(decoding: text, as: UTF8.self))
                }
            case 2: raw = value
            default: break
            }
        }
        let kind = object["kind"]?.string ?? ""
        guard messages[kind] != nil else { throw unknown("the kind \(kind)") }
        for member in try message(kind, raw, depth: 0) { object[member.key] = member.value }
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
                if part.value.isHollow || ignored.contains("\(name).\(part.number)") { continue }
                throw unknown("field \(part.number) of \(name)")
            }
            if "mMq".contains(field.type), case .bytes(let entry) = part.value {
                var members = result[field.name]?.object ?? JSONObject()
                let pair = try self.entry(entry, field.type)
                members[pair.key] = pair.value
                result[field.name] = .object(members)
                continue
            }
            guard let value = try value(part.value, field, depth: depth) else { continue }
            if field.isList {
                result[field.name] = .array((result[field.name]?.array ?? []) + [value])
            } else {
                result[field.name] = value
            }
        }
        return result
    }

    private static func value(
        _ value: ProtobufReader.Value,
        _ field: Field,
        depth: Int
    ) throws(SandboxStatus) -> JSON? {
        switch (field.type, value) {
        case ("s", .bytes(let bytes)):
            let text = String(decoding: bytes, as: UTF8.self)
            return text.isEmpty && !field.isList ? nil : .string(text)
        case ("i", .number(let number)): return number == 0 ? nil : .integer(number)
        case ("I", .number(let number)): return .integer(number)
        case ("b", .number(let number)): return number == 0 ? nil : true
        case ("x", .bytes(let bytes)):
            var reader = ProtobufReader(bytes)
            var choice: (type: Int64, number: Int64, text: String) = (0, 0, "")
            while let part = try reader.next() {
                switch (part.number, part.value) {
                case (1, .number(let type)): choice.type = type
                case (2, .number(let number)): choice.number = number
                case (3, .bytes(let text)): choice.text = String(decoding: text, as: UTF8.self)
                default: break
                }
            }
            if choice.type == 1 { return .string(choice.text) }
            return choice.number == 0 ? nil : .integer(choice.number)
        case (_, .bytes(let bytes)):
            let object = try message(field.type, bytes, depth: depth + 1)
            return object.isEmpty && !field.isList ? nil : .object(object)
        default: throw unknown(field.name)
        }
    }

    private static func entry(
        _ bytes: ArraySlice<UInt8>,
        _ type: String
    ) throws(SandboxStatus) -> (key: String, value: JSON) {
        var reader = ProtobufReader(bytes)
        var key = ""
        var value: ArraySlice<UInt8> = []
        while let part = try reader.next() {
            guard case .bytes(let bytes) = part.value else { continue }
            if part.number == 1 {
                key = String(decoding: bytes, as: UTF8.self)
            } else {
                value = bytes
            }
        }
        switch type {
        case "M": return (key, .string(Base64.encode(Array(value))))
        case "q":
            var quantity = ProtobufReader(value)
            guard case .bytes(let text)? = try quantity.next()?.value else { return (key, "0") }
            return (key, .string(String(decoding: text, as: UTF8.self)))
        default: return (key, .string(String(decoding: value, as: UTF8.self)))
        }
    }

    /// Times and records that the server sets, and status.
    private static let ignored: Set<String> = [
        "ObjectMeta.8", "ObjectMeta.17", "Namespace.2", "Namespace.3", "Deployment.3", "Service.3",
        "Job.3", "CronJob.3", "ResourceQuota.3", "TokenRequest.3", "SelfSubjectAccessReview.3",
        "SelfSubjectRulesReview.3", "SelfSubjectReview.2", "Pod.3",
    ]

    /// The messages by name, and their fields by number.
    private static let messages: [String: [Int: Field]] = {
        var messages: [String: [Int: Field]] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            var fields: [Int: Field] = [:]
            for word in words.dropFirst() {
                let parts = word.split { $0 == "=" || $0 == ":" }
                precondition(parts.count == 3, "the table of messages has a bad word: \(word)")
                let isList = parts[2].hasSuffix("*")
                fields[Int(parts[0]) ?? 0] = Field(
                    name: String(parts[1]),
                    type: String(isList ? parts[2].dropLast() : parts[2]),
                    isList: isList
                )
            }
            messages[String(words[0])] = fields
        }
        return messages
    }()

    private static let table = """
        ObjectMeta 1=name:s 2=generateName:s 3=namespace:s 5=uid:s 11=labels:m 12=annotations:m \
        14=finalizers:s*
        Namespace 1=metadata:ObjectMeta
        ConfigMap 1=metadata:ObjectMeta 4=immutable:b 2=data:m 3=binaryData:M
        Secret 1=metadata:ObjectMeta 5=immutable:b 2=data:M 4=stringData:m 3=type:s
        ServiceAccount 1=metadata:ObjectMeta 3=imagePullSecrets:LocalObjectReference* \
        4=automountServiceAccountToken:b
        TokenRequest 1=metadata:ObjectMeta 2=spec:TokenRequestSpec
        TokenRequestSpec 1=audiences:s* 4=expirationSeconds:i
        SelfSubjectAccessReview 1=metadata:ObjectMeta 2=spec:SelfSubjectAccessReviewSpec
        SelfSubjectAccessReviewSpec 1=resourceAttributes:ResourceAttributes \
        2=nonResourceAttributes:NonResourceAttributes
        ResourceAttributes 1=namespace:s 2=verb:s 3=group:s 4=version:s 5=resource:s \
        6=subresource:s 7=name:s
        NonResourceAttributes 1=path:s 2=verb:s
        SelfSubjectRulesReview 1=metadata:ObjectMeta 2=spec:SelfSubjectRulesReviewSpec
        SelfSubjectRulesReviewSpec 1=namespace:s
        SelfSubjectReview 1=metadata:ObjectMeta
        Role 1=metadata:ObjectMeta 2=rules:PolicyRule*
        RoleBinding 1=metadata:ObjectMeta 2=subjects:Subject* 3=roleRef:RoleRef
        ClusterRole 1=metadata:ObjectMeta 2=rules:PolicyRule*
        ClusterRoleBinding 1=metadata:ObjectMeta 2=subjects:Subject* 3=roleRef:RoleRef
        PolicyRule 1=verbs:s* 2=apiGroups:s* 3=resources:s* 4=resourceNames:s* \
        5=nonResourceURLs:s*
        RoleRef 1=apiGroup:s 2=kind:s 3=name:s
        Subject 1=kind:s 2=apiGroup:s 3=name:s 4=namespace:s
        Deployment 1=metadata:ObjectMeta 2=spec:DeploymentSpec
        DeploymentSpec 1=replicas:I 2=selector:LabelSelector 3=template:PodTemplateSpec \
        5=minReadySeconds:i 6=revisionHistoryLimit:i 7=paused:b 9=progressDeadlineSeconds:i
        PodTemplateSpec 1=metadata:ObjectMeta 2=spec:PodSpec
        PodSpec 20=initContainers:Container* 2=containers:Container* 3=restartPolicy:s \
        4=terminationGracePeriodSeconds:i 7=nodeSelector:m 8=serviceAccountName:s \
        9=serviceAccount:s 21=automountServiceAccountToken:b 10=nodeName:s \
        15=imagePullSecrets:LocalObjectReference* 24=priorityClassName:s
        Container 1=name:s 2=image:s 3=command:s* 4=args:s* 5=workingDir:s \
        6=ports:ContainerPort* 7=env:EnvVar* 8=resources:ResourceRequirements \
        14=imagePullPolicy:s
        ContainerPort 1=name:s 2=hostPort:i 3=containerPort:i 4=protocol:s 5=hostIP:s
        EnvVar 1=name:s 2=value:s
        ResourceRequirements 1=limits:q 2=requests:q
        LabelSelector 1=matchLabels:m
        Service 1=metadata:ObjectMeta 2=spec:ServiceSpec
        ServiceSpec 1=ports:ServicePort* 2=selector:m 3=clusterIP:s 18=clusterIPs:s* 4=type:s \
        5=externalIPs:s* 7=sessionAffinity:s 10=externalName:s
        ServicePort 1=name:s 2=protocol:s 6=appProtocol:s 3=port:i 4=targetPort:x 5=nodePort:i
        Job 1=metadata:ObjectMeta 2=spec:JobSpec
        JobSpec 1=parallelism:I 2=completions:I 3=activeDeadlineSeconds:i 7=backoffLimit:I \
        4=selector:LabelSelector 5=manualSelector:b 6=template:PodTemplateSpec \
        8=ttlSecondsAfterFinished:i 9=completionMode:s 10=suspend:b
        CronJob 1=metadata:ObjectMeta 2=spec:CronJobSpec
        CronJobSpec 1=schedule:s 8=timeZone:s 2=startingDeadlineSeconds:i 3=concurrencyPolicy:s \
        4=suspend:b 5=jobTemplate:JobTemplateSpec 6=successfulJobsHistoryLimit:i \
        7=failedJobsHistoryLimit:i
        JobTemplateSpec 1=metadata:ObjectMeta 2=spec:JobSpec
        ResourceQuota 1=metadata:ObjectMeta 2=spec:ResourceQuotaSpec
        ResourceQuotaSpec 1=hard:q 2=scopes:s*
        LocalObjectReference 1=name:s
        Pod 1=metadata:ObjectMeta 2=spec:PodSpec
        """
}

/// The fields of one protobuf message, one after the other.
struct ProtobufReader {
    /// What a field holds.
    enum Value {
        case number(Int64)
        case bytes(ArraySlice<UInt8>)

        /// Whether it is what stands for nothing, or a message of nothing but that.
        var isHollow: Bool {
            switch self {
            case .number(let number): return number == 0
            case .bytes(let bytes):
                var reader = ProtobufReader(bytes)
                do throws(SandboxStatus) {
                    while let part = try reader.next() {
                        guard part.value.isHollow else { return false }
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
        case 1: return (Int(tag >> 3), .bytes(try take(8)))
        case 2: return (Int(tag >> 3), .bytes(try take(varint())))
        case 5: return (Int(tag >> 3), .bytes(try take(4)))
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

    private mutating func take(_ count: UInt64) throws(SandboxStatus) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Self.broken }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }
}
