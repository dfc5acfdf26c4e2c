import JSON
import Testing

@testable import Domain

/// What is stored is read as it was written.
struct EnvironmentDocumentTests {
    typealias Trial = EnvironmentTrial

    private func document(_ write: (inout JSONWriter) -> Void) throws -> JSON {
        var writer = JSONWriter(reserving: 256)
        write(&writer)
        return try JSON.parse(writer.finish())
    }

    private var full: EnvironmentSpec {
        var parameters = JSONObject()
        parameters["replicas"] = .string("2")
        return EnvironmentSpec(
            type: .development,
            service: ServiceName("shop"),
            source: EnvironmentSource(
                repository: "https://git.example.com/acme/shop",
                ref: "refs/heads/x",
                revision: String(repeating: "a", count: 40),
                pullRequest: 7
            ),
            images: EnvironmentImages([
                EnvironmentImages.Image(name: "app", reference: "shop:1"),
                EnvironmentImages.Image(name: "worker", reference: "worker:1"),
            ]),
            template: EnvironmentTemplateName("web"),
            parameters: parameters,
            placement: .own(.cluster, className: ClusterClassName("small")),
            dependencies: [
                .shared(
                    SharedService(
                        service: ServiceName("catalog"),
                        environment: EnvironmentName("shared"),
                        version: VersionWish(parsing: ">=1.4 <2"),
                        image: "app",
                        alias: ServiceName("books")
                    )
                )
            ],
            lifetime: EnvironmentLifetime(
                ttl: .seconds(3_600),
                max: .seconds(86_400),
                idle: EnvironmentLifetime.Idle(after: .seconds(600), action: .delete),
                keep: EnvironmentLifetime.Keep(until: Trial.start, reason: "demo"),
                activeHours: ActiveHoursTests.hours()
            ),
            concurrency: .queue,
            readiness: EnvironmentReadiness(
                deadline: .seconds(60),
                check: EnvironmentReadiness.Check(path: "/x", status: 204)
            ),
            asleep: true,
            paused: true,
            deleteProtection: true
        )
    }

    @Test func `a spec comes back as it went, full or plain`() throws {
        for spec in [full, EnvironmentOrder.blank] {
            #expect(try EnvironmentSpec(reading: document(spec.write)) == spec)
        }
        #expect(throws: DocumentFault.self) { _ = try EnvironmentSpec(reading: .null) }
    }

    @Test func `a status comes back as it went, full or plain`() throws {
        var status = EnvironmentStatus(phase: .deploying, at: Trial.start)
        #expect(try EnvironmentStatus(reading: document(status.write)) == status)
        func rollOut(_ number: Int64) -> RollOut {
            RollOut(
                deployment: Trial.request(UInt64(number)).id,
                number: number,
                content: full.content,
                since: Trial.start,
                job: Trial.occasion(1).job
            )
        }
        status.conditions.set(
            Condition(
                type: "Ready",
                status: .false,
                reason: "Waiting",
                message: "x",
                observedGeneration: 3,
                lastTransitionAt: Trial.start
            )
        )
        status.observedGeneration = 3
        status.live = rollOut(1)
        status.coming = rollOut(2)
        status.queued = [rollOut(3), rollOut(4)]
        status.deployments = 4
        status.url = "https://pr-7-acme.example.com"
        status.outputs = ["b": "2", "a": "1"]
        status.cluster = ClusterName("main")
        status.namespace = "e-pr-7"
        status.objects = [
            SeenReadiness(object: "Deployment/a", state: .failed, reason: "R", message: "m")
        ]
        status.waiting = ClusterWait(on: "x", since: Trial.start, until: nil, releasedBy: nil)
        status.extendedTo = Trial.occasion(3).at
        status.usedAt = Trial.occasion(4).at
        status.expiry = EnvironmentExpiry(at: Trial.occasion(5).at, limit: .idle)
        status.warnedOf = Trial.occasion(6).at
        status.switchedAt = Trial.occasion(7).at
        status.job = Trial.occasion(8).job
        for ending in [EnvironmentEnding.request(by: "ann"), .expiry(.max), .tenant] {
            status.ending = ending
            #expect(try EnvironmentStatus(reading: document(status.write)) == status)
        }
    }

    @Test func `origins and differences come back as they went`() throws {
        let id = Trial.request(1).id
        let origins: [Deployment.Origin] = [
            .request, .promotion(from: EnvironmentName("staging"), deployment: id),
            .rollback(to: id), .hook(delivery: "abc"),
        ]
        for origin in origins {
            #expect(Deployment.Origin(reading: try document(origin.write)) == origin)
        }
        #expect(Deployment.Origin(reading: .null) == .request)
        let other = DeploymentContent(
            source: nil,
            images: EnvironmentImages([EnvironmentImages.Image(name: "web", reference: "w:1")]),
            template: EnvironmentTemplateName("web"),
            parameters: JSONObject()
        )
        let difference = full.content.difference(from: other, of: id)
        #expect(difference.images.map(\.name) == ["app", "web", "worker"])
        #expect(difference.parameters == ["replicas"])
        #expect(difference.revision?.before == nil && difference.revision?.after != nil)
        #expect(DeploymentDifference(reading: try document(difference.write)) == difference)
        #expect(other.difference(from: other, of: id).isEmpty)
        let content = full.content
        #expect(try DeploymentContent(reading: document(content.write)) == content)
    }
}
