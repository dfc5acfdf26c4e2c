import Contract
import JSON
import Secrets
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private static let purpose = Purpose(verb: "patch", resource: "clusters.cluster.x-k8s.io")

    private static func fault(
        _ code: Int,
        _ reason: String,
        _ message: String,
        causes: JSON = [],
        isSecret: Bool = false
    ) -> KubernetesFault {
        let json: JSON = [
            "kind": "Status", "code": .integer(code), "reason": .string(reason),
            "message": .string(message),
            "details": ["name": "a", "kind": "clusters", "causes": causes],
        ]
        let report = StatusReport(status: code, body: json.serialized())
        return report.fault(
            for: Purpose(verb: "patch", resource: purpose.resource, isSecret: isSecret)
        )
    }

    @Test func `the meanings of a conflict are told apart`() {
        let exists = #"clusters.cluster.x-k8s.io "a" already exists"#
        #expect(Self.fault(409, "AlreadyExists", exists) == .alreadyExists(reason: exists))
        let modified =
            #"Operation cannot be fulfilled on clusters "a": the object has been modified"#
        #expect(Self.fault(409, "Conflict", modified) == .modified(reason: modified))
        let precondition = "Precondition failed: UID in precondition: x, UID in object meta: y"
        #expect(Self.fault(409, "Conflict", precondition) == .precondition(reason: precondition))
        let causes: JSON = [
            [
                "reason": "FieldManagerConflict", "field": ".spec.replicas",
                "message": #"conflict with "kubectl" using apps/v1"#,
            ]
        ]
        #expect(
            Self.fault(409, "Conflict", "Apply failed with 1 conflict", causes: causes)
                == .owned([FieldConflict(field: ".spec.replicas", manager: "kubectl")])
        )
        let purge = "The system is ensuring all content is removed from this namespace."
        #expect(Self.fault(409, "Conflict", purge) == .terminating(reason: purge))
    }

    @Test func `what is not allowed, denied and on its way out are told apart`() {
        let access = #"clusters "a" is forbidden: User "u" cannot patch resource "clusters""#
        #expect(
            Self.fault(403, "Forbidden", access)
                == .forbidden(
                    verb: "patch",
                    resource: "clusters.cluster.x-k8s.io",
                    reason: access
                )
        )
        for words in [
            "exceeded quota: q, requested: configmaps=1",
            #"admission webhook "w" denied the request: no"#,
            #"pods "a" is forbidden: violates PodSecurity "restricted:latest""#,
        ] {
            #expect(Self.fault(403, "Forbidden", words) == .denied(reason: words))
        }
        let webhook = #"admission webhook "w" denied the request: no"#
        for code in [400, 422, 500] {
            #expect(Self.fault(code, "", webhook) == .denied(reason: webhook))
        }
        #expect(
            Self.fault(
                403,
                "Forbidden",
                "unable to create new content",
                causes: [["reason": "NamespaceTerminating", "field": "metadata.namespace"]]
            ) == .terminating(reason: "unable to create new content")
        )
    }

    @Test func `fields that are wrong are named, whatever the status`() {
        let causes: JSON = [
            ["reason": "FieldValueInvalid", "field": "spec.a", "message": "must be 1"]
        ]
        #expect(
            Self.fault(422, "Invalid", "invalid", causes: causes)
                == .invalid(
                    reason: "invalid",
                    [FieldCause(field: "spec.a", reason: "FieldValueInvalid", message: "must be 1")]
                )
        )
        let strict = #"strict decoding error: unknown field "spec.x", duplicate field "spec.y""#
        guard case .invalid(_, let fields) = Self.fault(400, "BadRequest", strict) else {
            Issue.record("not invalid")
            return
        }
        #expect(fields.map(\.field) == ["spec.x", "spec.y"])
        let typing = """
            failed to create typed patch object (ns/a; apps/v1, Kind=Deployment): errors:
              .spec.replicas: expected numeric (int or float), got string
              .spec.b: field not declared in schema
            """
        guard case .invalid(_, let typed) = Self.fault(500, "", typing) else {
            Issue.record("not invalid")
            return
        }
        #expect(typed.map(\.field) == ["spec.replicas", "spec.b"])
    }

    @Test func `what passes by itself says when to come back`() {
        func fault(_ code: Int, _ header: String?, _ seconds: Int?) -> KubernetesFault {
            let details: JSON = seconds.map { ["retryAfterSeconds": .integer($0)] } ?? [:]
            let json: JSON = ["kind": "Status", "code": .integer(code), "details": details]
            return StatusReport(status: code, body: json.serialized())
                .fault(for: Self.purpose, retryAfter: header)
        }
        #expect(fault(429, "7", nil) == .throttled(retryAfter: .seconds(7)))
        #expect(fault(429, nil, 3) == .throttled(retryAfter: .seconds(3)))
        #expect(fault(429, "soon", nil) == .throttled(retryAfter: .seconds(1)))
        #expect(fault(429, "+5", nil) == .throttled(retryAfter: .seconds(1)))
        #expect(fault(429, "999999999", nil) == .throttled(retryAfter: .seconds(300)))
        #expect(fault(503, "2", nil).delay == .seconds(2))
        #expect(fault(502, nil, nil) == .unavailable(retryAfter: nil, reason: "status 502"))
    }

    @Test func `a proxy's words are no status and are told shortened`() {
        let page = Array(
            "<html>\n<b>bad\u{1B}[31m gateway</b>\(String(repeating: "x", count: 9_000))".utf8
        )
        let report = StatusReport(status: 502, body: page)
        #expect(report.message.hasPrefix("<html> <b>bad [31m gateway</b>"))
        #expect(report.message.count <= PlainText.charactersMax)
        #expect(StatusReport(status: 404, body: Array("404 page not found".utf8)).isAboutPath)
        #expect(StatusReport(status: 404, body: []).isAboutPath)
    }

    @Test func `no secret comes back in words`() {
        let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl"
        #expect(!Self.fault(401, "Unauthorized", "bad token \(token)").description.contains("c2ln"))
        let key = "invalid -----BEGIN PRIVATE KEY----- MIIE"
        #expect(!Self.fault(400, "BadRequest", key).description.contains("MIIE"))
        let causes: JSON = [
            [
                "reason": "FieldValueInvalid", "field": "data[k]",
                "message": #"Invalid value: "hunter2": must be"#,
            ]
        ]
        let words = #"Secret "s" is invalid: data[k]: Invalid value: "hunter2": must be"#
        let fault = Self.fault(422, "Invalid", words, causes: causes, isSecret: true)
        #expect(!fault.description.contains("hunter2") && !"\(fault)".contains("hunter2"))
        guard case .invalid(let reason, _) = fault else { return #expect(Bool(false)) }
        #expect(!reason.contains("hunter2"))
    }

    @Test func `each fault says who acts next`() {
        func isRefused(_ fault: KubernetesFault, naming words: String...) -> Bool {
            guard case .refused(let reason) = fault.providerFault else { return false }
            return words.allSatisfy { reason.contains($0) }
        }
        func delay(_ fault: KubernetesFault) -> Duration?? {
            switch fault.providerFault {
            case .transient(let delay, _): return .some(delay)
            case .away(_, _, let delay): return .some(delay)
            default: return nil
            }
        }
        #expect(
            isRefused(
                .forbidden(verb: "patch", resource: "pods", reason: ""),
                naming: "patch",
                "pods"
            )
        )
        let conflict = FieldConflict(field: ".spec.replicas", manager: "hpa")
        #expect(isRefused(.owned([conflict]), naming: ".spec.replicas", "hpa"))
        let cause = FieldCause(field: "spec.a", reason: "", message: "must be 1")
        #expect(isRefused(.invalid(reason: "", [cause]), naming: "spec.a", "must be 1"))
        #expect(delay(.noSuchKind(configMaps)) == .some(.seconds(5)))
        #expect(isRefused(.denied(reason: "no"), naming: "no"))
        #expect(delay(.throttled(retryAfter: .seconds(9))) == .some(.seconds(9)))
        #expect(delay(.unavailable(retryAfter: .seconds(4), reason: "")) == .some(.seconds(4)))
        #expect(delay(.unreachable(reason: "")) == .some(.seconds(3)))
        #expect(delay(.interrupted(reason: "")) == .some(.seconds(3)))
        #expect(delay(.terminating(reason: "")) == .some(nil))
        #expect(delay(.unauthorized(reason: "")) == .some(.seconds(5)))
        #expect(KubernetesFault.cancelled.providerFault == .cancelled)
        guard case .busy = KubernetesFault.busy.providerFault else { return #expect(Bool(false)) }
    }
}
