import Testing

@testable import Domain

struct EnvironmentOrderTests {
    typealias Trial = EnvironmentTrial

    private func faults(
        named name: String = "pr-7",
        in places: EnvironmentSurroundings = Trial.places,
        _ edit: (inout EnvironmentOrder) -> Void
    ) -> [String] {
        Trial.faults { _ = try Trial.creation(Trial.order(edit), named: name, in: places) }
    }

    @Test func `a new environment has every default and a roll-out that makes it`() throws {
        let decision = try Trial.creation()
        let environment = decision.environment
        let lifetime = environment.spec.lifetime
        #expect(environment.spec.type == .ephemeral && environment.spec.template.text == "web")
        #expect(environment.spec.placement == .cluster(ClusterName("main")))
        #expect(lifetime.ttl == .seconds(72 * 3_600) && lifetime.max == .seconds(14 * 86_400))
        #expect(environment.status.phase == .pending && environment.status.live == nil)
        #expect(environment.status.coming?.deployment == Trial.request(1).id)
        #expect(environment.status.expiry?.at == EnvironmentTimesTests.hour(72))
        #expect(decision.job?.kind == .environmentDeploy)
        #expect(decision.job?.lane == "environment/acme/pr-7")
        #expect(decision.event.type == .environmentRequested)
        #expect(decision.deployment?.number == 1 && decision.deployment?.state == .running)
        #expect(decision.deployment?.difference.images.map(\.name) == ["app"])
    }

    @Test func `everything that is wrong is said at once`() {
        let found = faults(named: String(repeating: "x", count: 41)) { order in
            order.type = .production
            order.placement = .cluster(ClusterName("nowhere"))
            order.rest.source = EnvironmentSource(
                repository: "https://me:secret@example.com/shop",
                ref: "main",
                revision: "abc",
                pullRequest: 0
            )
            order.rest.images = EnvironmentImages([
                EnvironmentImages.Image(name: "web", reference: "Shop:latest:")
            ])
            order.rest.dependencies = [
                .shared(
                    SharedService(
                        service: ServiceName("catalog"),
                        environment: EnvironmentName("gone")
                    )
                ),
                .shared(
                    SharedService(
                        service: ServiceName("other"),
                        environment: EnvironmentName("shared")
                    )
                ),
            ]
            order.readiness = EnvironmentReadiness(
                deadline: .seconds(0),
                check: EnvironmentReadiness.Check(path: "healthz", status: 100)
            )
        }
        #expect(
            Set(found) == [
                "name too-long", "type not-for-template", "placement.cluster unknown",
                "source.repository invalid", "source.ref invalid", "source.revision invalid",
                "source.pullRequest invalid", "images.web unknown", "images.web invalid-image",
                "images.app missing", "dependencies.0.environment unknown",
                "dependencies.1.service not-there", "readiness.deadline out-of-range",
                "readiness.url.path invalid", "readiness.url.status out-of-range",
            ]
        )
    }

    @Test(
        arguments: [
            (72, 48, ["lifetime.ttl beyond-max"]),
            (48, 72, []),
            (48, nil, []),
            (nil, 24, []),
            (241, nil, ["lifetime.ttl out-of-range"]),
            (24, 481, ["lifetime.max out-of-range"]),
            (0, nil, ["lifetime.ttl out-of-range"]),
        ] as [(Int64?, Int64?, [String])]
    )
    func `limits hold within those of the template`(ttl: Int64?, max: Int64?, codes: [String]) {
        let found = faults { order in
            order.rest.lifetime.ttl = ttl.map { .seconds($0 * 3_600) }
            order.rest.lifetime.max = max.map { .seconds($0 * 3_600) }
        }
        #expect(found == codes)
    }

    @Test func `nothing ephemeral stays for ever, and what is not ephemeral may`() {
        let limits = EnvironmentLimits()
        #expect(limits.filling(EnvironmentLifetime(), of: .staging) == EnvironmentLifetime())
        let long = EnvironmentLifetime(ttl: .seconds(20 * 86_400))
        #expect(limits.filling(long, of: .ephemeral).max == .seconds(20 * 86_400))
        let short = EnvironmentLifetime(max: .seconds(3_600))
        #expect(limits.filling(short, of: .ephemeral).ttl == .seconds(3_600))
        let template = EnvironmentLimits(
            usual: EnvironmentLifetime(
                ttl: .seconds(7_200),
                idle: EnvironmentLifetime.Idle(after: .seconds(600))
            )
        )
        let filled = template.filling(EnvironmentLifetime(), of: .ephemeral)
        #expect(filled.ttl == .seconds(7_200) && filled.idle?.after == .seconds(600))
    }

    @Test func `hours need a zone that is known, days and times`() {
        func hours(_ hours: ActiveHours) -> [String] {
            faults { $0.rest.lifetime.activeHours = hours }
        }
        #expect(hours(ActiveHoursTests.hours()) == [])
        var wrong = ActiveHoursTests.hours([], 1_440, 1_441)
        wrong.timeZone = "Europe/Nowhere"
        #expect(
            Set(hours(wrong)) == [
                "lifetime.activeHours.timeZone unknown-time-zone",
                "lifetime.activeHours.days missing", "lifetime.activeHours.from out-of-range",
                "lifetime.activeHours.to out-of-range",
            ]
        )
    }

    @Test func `the template is named, the default one, or the first for the type`() throws {
        var places = Trial.places
        var other = Trial.web
        other.name = EnvironmentTemplateName("batch")
        places.templates = [Trial.web, other]
        #expect(try Trial.creation(in: places).environment.spec.template == Trial.web.name)
        places.templates[0].types = [.production]
        #expect(try Trial.creation(in: places).environment.spec.template == other.name)
        places.templates[0] = Trial.web
        #expect(faults(in: places) { $0.template = other.name } == [])
        #expect(
            faults(in: places) { $0.template = EnvironmentTemplateName("none") }
                == ["template unknown"]
        )
        other.name = EnvironmentOrder.templateDefault
        places.templates = [Trial.web, other]
        #expect(try Trial.creation(in: places).environment.spec.template == other.name)
        places.templates = []
        #expect(faults(in: places) { _ in } == ["template missing"])
    }

    @Test func `a cluster on its way out takes nothing new, and one of its own is not looked for`()
    {
        #expect(
            faults { $0.placement = .cluster(ClusterName("old")) } == ["placement.cluster deleting"]
        )
        #expect(faults { $0.placement = .own(.vcluster, className: nil) } == [])
    }

    @Test(arguments: [
        "shop", "library/shop", "registry.example.com/shop", "registry.example.com:5000/a/b:1.2",
        "localhost/shop:v1", "shop:1.0-rc.1_x",
        "ghcr.io/acme/shop@sha256:" + String(repeating: "0f", count: 32),
        "ghcr.io/acme/shop:1@sha256:" + String(repeating: "0f", count: 32),
    ])
    func `references of images are taken`(reference: String) {
        #expect(EnvironmentImages.Image(name: "app", reference: reference).isReference)
    }

    @Test(arguments: [
        "", "Shop", "shop:", "shop:-1", "/shop", "shop/", "a//b", "shop@sha256:abc", "shop 1",
        "shop@md5:" + String(repeating: "0f", count: 32), "shop:1:2", "-shop", "shop\n",
        "shop@sha256:" + String(repeating: "0F", count: 32), "https://example.com/shop",
    ])
    func `what is no reference of an image is refused`(reference: String) {
        #expect(!EnvironmentImages.Image(name: "app", reference: reference).isReference)
    }
}
