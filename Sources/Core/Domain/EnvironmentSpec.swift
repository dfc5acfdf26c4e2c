package import JSON

/// What an environment is for.
package enum EnvironmentType: String, Sendable, CaseIterable {
    /// Made for a change under review; ends by itself.
    case ephemeral
    /// A team's own.
    case development
    /// The last stop before production.
    case staging
    /// What customers use.
    case production
}

/// What the owners of a tenant want of one of its environments.
package struct EnvironmentSpec: Sendable, Hashable {
    /// The most images of one environment.
    package static let imagesMax = 50
    /// The most dependencies of one environment.
    package static let dependenciesMax = 50

    /// What a refresh does to a roll-out that is still under way.
    package enum Concurrency: String, Sendable, CaseIterable {
        /// The older one is given up.
        case supersede
        /// The newer one waits for it.
        case queue
        /// The newer one is refused.
        case reject
    }

    /// What it is for; fixed once made.
    package var type: EnvironmentType
    /// The service of the catalog that runs in it; nil where it is not of one service.
    package var service: ServiceName?
    /// What was built; nil where nobody said.
    package var source: EnvironmentSource?
    /// The images that run, by the names that the template gives them.
    package var images: EnvironmentImages
    /// The template of the tenant's blueprint that it is made from; fixed once made.
    package var template: EnvironmentTemplateName
    /// What the template's parameters are set to, defaults filled in.
    package var parameters: JSONObject
    /// Where it runs; fixed once made.
    package var placement: EnvironmentPlacement
    /// What must be ready before it is.
    package var dependencies: [EnvironmentDependency]
    /// How long it is there, and when it is awake.
    package var lifetime: EnvironmentLifetime
    /// What a refresh does to a roll-out that is still under way.
    package var concurrency: Concurrency
    /// When a roll-out counts as done, and when as failed.
    package var readiness: EnvironmentReadiness
    /// How what is new takes over from what runs.
    package var rollout: RolloutStrategy
    /// Who must agree before a roll-out begins; nil where nobody need.
    package var approvals: ApprovalRules?
    /// When nothing is rolled out; nil for never.
    package var freeze: Freeze?
    /// Whether it sleeps: nothing of it runs, its state is kept.
    package var asleep: Bool
    /// Whether what runs is left as it is for now: no roll-outs, no sleep and no waking; time
    /// still ends it.
    package var paused: Bool
    /// Whether `DELETE` is refused until somebody takes this back; time still ends it.
    package var deleteProtection: Bool

    /// Puts together what is wanted.
    package init(
        type: EnvironmentType,
        service: ServiceName? = nil,
        source: EnvironmentSource? = nil,
        images: EnvironmentImages = EnvironmentImages(),
        template: EnvironmentTemplateName,
        parameters: JSONObject = JSONObject(),
        placement: EnvironmentPlacement,
        dependencies: [EnvironmentDependency] = [],
        lifetime: EnvironmentLifetime = EnvironmentLifetime(),
        concurrency: Concurrency = .supersede,
        readiness: EnvironmentReadiness = EnvironmentReadiness(),
        rollout: RolloutStrategy = .rolling,
        approvals: ApprovalRules? = nil,
        freeze: Freeze? = nil,
        asleep: Bool = false,
        paused: Bool = false,
        deleteProtection: Bool = false
    ) {
        self.type = type
        self.service = service
        self.source = source
        self.images = images
        self.template = template
        self.parameters = parameters
        self.placement = placement
        self.dependencies = dependencies
        self.lifetime = lifetime
        self.concurrency = concurrency
        self.readiness = readiness
        self.rollout = rollout
        self.approvals = approvals
        self.freeze = freeze
        self.asleep = asleep
        self.paused = paused
        self.deleteProtection = deleteProtection
    }
}

/// An entry of the service catalog.
package enum Service {}
/// The name of a service of the catalog.
package typealias ServiceName = ResourceName<Service>

/// What was built for an environment, as the pipeline knows it.
package struct EnvironmentSource: Sendable, Hashable {
    /// The most characters of any of its texts.
    package static let lengthMax = 500

    /// Where the source is, as an `https` URL without user and password; nil where nobody said.
    package var repository: String?
    /// The full name of the branch or tag, such as `refs/heads/fix`; nil where nobody said.
    package var ref: String?
    /// The commit, as 40 or 64 hexadecimal digits; nil where nobody said.
    package var revision: String?
    /// The number of the pull or merge request; nil where there is none.
    package var pullRequest: Int?

    /// Those parts.
    package init(
        repository: String? = nil,
        ref: String? = nil,
        revision: String? = nil,
        pullRequest: Int? = nil
    ) {
        self.repository = repository
        self.ref = ref
        self.revision = revision
        self.pullRequest = pullRequest
    }
}

/// References of container images, by the names that a template gives them.
package struct EnvironmentImages: Sendable, Hashable {
    /// One image.
    package struct Image: Sendable, Hashable {
        /// What the template calls it, such as `app`.
        package var name: String
        /// What is pulled, such as `registry.example.com/shop@sha256:…`.
        package var reference: String

        /// That reference under that name.
        package init(name: String, reference: String) {
            self.name = name
            self.reference = reference
        }

        /// Whether the reference names its content, so that it can never mean something else.
        package var isPinned: Bool { reference.contains("@sha256:") }
    }

    /// The images in the order of their names, each name once.
    package private(set) var all: [Image]

    /// Those images; of two with one name the later is kept.
    package init(_ images: [Image] = []) {
        var byName: [String: Image] = [:]
        for image in images { byName[image.name] = image }
        all = byName.values.sorted { $0.name < $1.name }
    }

    /// The reference of the image of that name.
    package subscript(name: String) -> String? {
        all.first { $0.name == name }?.reference
    }
}

/// Where an environment runs.
package enum EnvironmentPlacement: Sendable, Hashable {
    /// In a namespace of its own in a cluster that is there.
    case cluster(ClusterName)
    /// In a cluster that is made for it and goes with it.
    case own(ClusterKind, className: ClusterClassName?)
}

/// When a roll-out counts as done, and when as failed.
package struct EnvironmentReadiness: Sendable, Hashable {
    /// What an environment must answer before it counts as ready.
    package struct Check: Sendable, Hashable {
        /// The path of the URL, from `/`.
        package var path: String
        /// The status that it answers with.
        package var status: Int

        /// That status for that path.
        package init(path: String = "/", status: Int = 200) {
            self.path = path
            self.status = status
        }
    }

    /// How long a roll-out usually may take.
    package static let deadlineUsual: Duration = .seconds(600)
    /// How long a roll-out may take at most.
    package static let deadlineMax: Duration = .seconds(6 * 3_600)

    /// How long a roll-out may take before it counts as failed.
    package var deadline: Duration
    /// What its URL must answer; nil where nobody asks it.
    package var check: Check?

    /// That deadline and that check.
    package init(deadline: Duration = deadlineUsual, check: Check? = nil) {
        self.deadline = deadline
        self.check = check
    }
}
