/// How what is new takes over from what runs.
package enum RolloutStrategy: Sendable, Hashable {
    /// All at once, as the workloads themselves replace their pods.
    case rolling
    /// A growing part of the traffic goes to what is new.
    case canary(Canary)
    /// Chosen people are sent to what is new.
    case focused(Focus)

    /// The words of the API.
    package enum Word: String, Sendable, CaseIterable {
        case rolling, canary, focused
    }

    /// The word for it.
    package var word: Word {
        switch self {
        case .rolling: .rolling
        case .canary: .canary
        case .focused: .focused
        }
    }

    /// A growing part of the traffic.
    package struct Canary: Sendable, Hashable {
        /// One part.
        package struct Step: Sendable, Hashable {
            /// Percent of the requests.
            package var weight: Int
            /// How long it stays so; nil until somebody advances it.
            package var wait: Duration?

            /// That part for that time.
            package init(weight: Int, wait: Duration?) {
                self.weight = weight
                self.wait = wait
            }
        }

        /// The parts, each larger than the one before.
        package var steps: [Step]
        /// What must hold meanwhile.
        package var checks: [RolloutCheck]
        /// How long one step may take until it is given up.
        package var patience: Duration

        /// Those parts.
        package init(
            steps: [Step],
            checks: [RolloutCheck] = [],
            patience: Duration = patienceUsual
        ) {
            self.steps = steps
            self.checks = checks
            self.patience = patience
        }
    }

    /// Chosen people.
    package struct Focus: Sendable, Hashable {
        /// By what somebody is known; any of it.
        package var match: [RolloutMatch]
        /// What must hold meanwhile.
        package var checks: [RolloutCheck]
        /// How long it may take until it is given up.
        package var patience: Duration

        /// Those people.
        package init(
            match: [RolloutMatch],
            checks: [RolloutCheck] = [],
            patience: Duration = patienceUsual
        ) {
            self.match = match
            self.checks = checks
            self.patience = patience
        }
    }

    /// The most steps, checks and matches.
    package static let stepsMax = 10
    /// How long a step may take where nobody says.
    package static let patienceUsual: Duration = .seconds(7 * 86_400)
    /// How long a step may take.
    package static let patienceMax: Duration = .seconds(30 * 86_400)

    /// The parts of the traffic, one after the other; one for chosen people.
    package var steps: [Canary.Step] {
        switch self {
        case .rolling: []
        case .canary(let canary): canary.steps
        case .focused: [Canary.Step(weight: 0, wait: nil)]
        }
    }

    /// What must hold meanwhile.
    package var checks: [RolloutCheck] {
        switch self {
        case .rolling: []
        case .canary(let canary): canary.checks
        case .focused(let focus): focus.checks
        }
    }

    /// Who is sent to what is new; empty where that is left to chance.
    package var match: [RolloutMatch] {
        if case .focused(let focus) = self { focus.match } else { [] }
    }

    /// How long one step may take until it is given up.
    package var patience: Duration {
        switch self {
        case .rolling: Self.patienceUsual
        case .canary(let canary): canary.patience
        case .focused(let focus): focus.patience
        }
    }
}

/// By what somebody is known whom a focused roll-out sends to what is new.
package struct RolloutMatch: Sendable, Hashable {
    /// Where it stands in a request.
    package enum Kind: String, Sendable, CaseIterable {
        case header, cookie
    }

    /// The most characters of a name or a value.
    package static let lengthMax = 200

    /// Where it stands in a request.
    package var kind: Kind
    /// What it is called.
    package var name: String
    /// What it is.
    package var value: String

    /// That value under that name.
    package init(kind: Kind, name: String, value: String) {
        self.kind = kind
        self.name = name
        self.value = value
    }
}

/// What must hold while what is new takes traffic.
package struct RolloutCheck: Sendable, Hashable {
    /// What is asked.
    package enum Question: Sendable, Hashable {
        /// The environment's own URL, answered by what is new.
        case url(EnvironmentReadiness.Check)
        /// A Prometheus.
        case prometheus(PrometheusQuestion)
    }

    /// How often it is asked where nobody says.
    package static let intervalUsual: Duration = .seconds(30)
    /// How seldom it may be asked.
    package static let intervalMax: Duration = .seconds(3_600)
    /// How many failures in a row end the roll-out where nobody says.
    package static let failuresUsual = 3
    /// The most failures in a row that may be asked for.
    package static let failuresMax = 20

    /// What is asked.
    package var question: Question
    /// How often.
    package var interval: Duration
    /// How many failures in a row end the roll-out.
    package var failures: Int

    /// That question.
    package init(
        _ question: Question,
        interval: Duration = intervalUsual,
        failures: Int = failuresUsual
    ) {
        self.question = question
        self.interval = interval
        self.failures = failures
    }
}

/// A question to a Prometheus, and the answers that are right.
package struct PrometheusQuestion: Sendable, Hashable {
    /// The most characters of a query.
    package static let queryLengthMax = 2_000

    /// Where it is, without `/api/v1/query`.
    package var url: String
    /// The query; `${NAMESPACE}`, `${ENVIRONMENT}` and `${TENANT}` are filled in.
    package var query: String
    /// The least value; nil for any.
    package var min: Double?
    /// The greatest value; nil for any.
    package var max: Double?

    /// That query there.
    package init(url: String, query: String, min: Double? = nil, max: Double? = nil) {
        self.url = url
        self.query = query
        self.min = min
        self.max = max
    }

    /// Whether the value is right.
    package func takes(_ value: Double) -> Bool {
        (min.map { value >= $0 } ?? true) && (max.map { value <= $0 } ?? true)
    }
}

/// The objects of a template through which traffic is split.
package struct RolloutObjects: Sendable, Hashable {
    /// The Deployment.
    package var deployment: String
    /// The Service in front of it.
    package var service: String
    /// The HTTPRoute or VirtualService that leads to the Service.
    package var route: String

    /// Those objects.
    package init(deployment: String, service: String, route: String) {
        self.deployment = deployment
        self.service = service
        self.route = route
    }
}
