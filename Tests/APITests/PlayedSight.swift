import Domain
import GitOps
import TestSupport
import Testing
import TimeZones

@testable import API

extension APIEnvironments {
    /// One pod that has written two lines; an environment called `staging` does not answer.
    static let played = APIEnvironments(
        zones: ZoneDirectory(),
        logs: { wish, environment throws(ClusterAccessFault) in
            guard environment.name.text != "staging" else { throw .unreachable(reason: "away") }
            let lines = Array(["one", "two"].suffix(wish.lines))
            return EnvironmentLogs(
                namespace: "e-\(environment.name)",
                logs: [
                    ContainerLog(pod: "web-1", container: "app", lines: lines),
                    ContainerLog(pod: "web-1", container: "init", lines: [], missing: "Waits."),
                ],
                isCut: false
            )
        },
        happenings: { environment throws(ClusterAccessFault) in
            guard environment.name.text != "staging" else { throw .unreachable(reason: "away") }
            return [
                EnvironmentHappening(
                    at: TestClock.start.advanced(by: .seconds(60)),
                    source: .kubernetes,
                    type: "Warning",
                    reason: "BackOff",
                    object: "Pod/web-1",
                    message: "Back-off pulling image",
                    count: 3
                )
            ]
        },
        render: { environment, deployment throws(ClusterAccessFault) in
            guard environment.name.text != "staging" else { throw .notReady(reason: "no cluster") }
            let image = deployment.content.images["app"] ?? ""
            return [
                "app.yaml": Array(
                    """
                    {apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: eW8=}}
                    ---
                    {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {image: "\(image)"}}
                    """.utf8
                )
            ]
        }
    )
}

extension Platform {
    /// What the roll-out into acme's pr-7 and the delivery of its cache would have committed; jobs
    /// do not run here.
    func plantDelivery(with shell: Shell) throws {
        let path = layout.platform(of: try TenantName(parsing: "acme"))
        let secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: aGk=}}"
        let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b}}"
        try #require(
            shell.run(
                """
                git init -q -b main delivered && cd delivered && mkdir -p environments/pr-7 \
                services/orders/service && echo '\(Self.delivered("orders"))' \
                >services/orders/service/values.yaml \
                && printf '%s\\n---\\n%s\\n' '\(secret)' '\(map)' >environments/pr-7/app.yaml \
                && git add . && git commit -q -m Start && git clone -q --bare . '\(path)'
                """
            )
        )
    }
}
