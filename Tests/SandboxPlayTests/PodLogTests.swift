import JSON
import Testing

@testable import Sandbox

/// What played containers say.
@Suite struct PodLogTests {
    private static func pod(_ containers: String, annotations: String = "{}") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: t-acme, annotations: \(annotations)}
        spec: {containers: \(containers)}
        """
    }

    private static let one = "[{name: app, image: \"shop:1\", ports: [{containerPort: 8080}]}]"

    @Test func `a container says that it is played, what it runs and where it listens`()
        async throws
    {
        try await Trial.run { trial in
            try await trial.apply(Self.pod(Self.one))
            #expect(try await trial.log("") == (200, ""))
            try await trial.pass(3)
            let log = try await trial.log("")
            #expect(
                log.text == """
                    slipway sandbox: played, nothing runs here
                    started app from shop:1
                    listening on port 8080
                    ready

                    """
            )
            #expect(try await trial.log("container=app&follow=true") == log)
            #expect(try await trial.log("tailLines=1").text == "ready\n")
            #expect(try await trial.log("limitBytes=7").text == "slipway")
            let dated = try await trial.log("timestamps=true&tailLines=1").text
            #expect(dated.hasSuffix("Z ready\n") && dated.hasPrefix("20"))
            try await trial.pass(60)
            #expect(try await trial.log("sinceSeconds=30").text == "")
            #expect(try await trial.log("sinceSeconds=300") == log)
        }
    }

    @Test func `the last line of a crash says why`() async throws {
        try await Trial.run { trial in
            try await trial.fault("crashLoop", "Pod", "web")
            try await trial.apply(Self.pod(Self.one))
            try await trial.pass(3)
            for query in ["", "previous=true"] {
                let lines = try await trial.log(query).text.split(separator: "\n")
                #expect(lines.last == "fatal: as the test wants it")
            }
            let before = try await trial.revisions()
            try await trial.pass(5)
            #expect(try await trial.revisions() == before)
        }
    }

    @Test(arguments: [
        ("container=nobody", "container nobody is not valid for pod web"),
        ("", "a container name must be specified for pod web, choose one of: [app side]"),
        ("container=app&previous=true", "previous terminated container \"app\" in pod \"web\""),
        ("container=app&tailLines=-1", "tailLines: -1 must be a number"),
        ("container=app&sinceTime=now", "sinceTime: now is not a time"),
    ])
    func `what cannot be shown is refused in words`(query: String, words: String) async throws {
        try await Trial.run { trial in
            let two = "[{name: app, image: \"shop:1\"}, {name: side, image: \"side:1\"}]"
            try await trial.apply(Self.pod(two))
            try await trial.pass(3)
            let log = try await trial.log(query)
            #expect(log.status == 400 && log.text.contains(words), "\(log.text)")
        }
    }

    @Test func `a container that waits has no log`() async throws {
        try await Trial.run { trial in
            let fault = "{\(FaultBook.annotation): imagePull}"
            try await trial.apply(Self.pod(Self.one, annotations: fault))
            try await trial.pass(3)
            let log = try await trial.log("")
            #expect(log.status == 400)
            #expect(log.text.contains("waiting to start: trying and failing to pull image"))
        }
    }
}

extension Trial {
    /// The log of the pod `web`, or why there is none.
    fileprivate func log(_ query: String) async throws -> (status: Int, text: String) {
        let answer = await server.respond(
            to: SandboxRequest(
                cluster: SandboxServer.management,
                method: "GET",
                path: "/api/v1/namespaces/t-acme/pods/web/log",
                query: query,
                caller: .administrator("test")
            )
        )
        guard case .bytes(let bytes) = answer.body else { return (answer.status, "") }
        guard answer.status != 200 else {
            return (answer.status, String(decoding: bytes, as: UTF8.self))
        }
        return (answer.status, try JSON.parse(bytes)["message"]?.string ?? "")
    }
}
