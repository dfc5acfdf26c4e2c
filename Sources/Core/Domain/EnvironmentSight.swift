package import JSON

/// Which lines of an environment's containers are asked for.
package struct LogWish: Sendable, Hashable {
    /// The most lines that are told of one container, and of all together.
    package static let linesMax = 2_000
    /// The most containers that are looked at.
    package static let containersMax = 20
    /// The most bytes of all lines together: 1 MiB.
    package static let bytesMax = 1 << 20
    /// How far back anybody may ask: a week.
    package static let secondsMax = 604_800

    /// Only this pod; nil for all.
    package var pod: String?
    /// Only containers of this name; nil for all.
    package var container: String?
    /// The last lines of each container.
    package var lines: Int
    /// Only lines of the last so many seconds; nil for all.
    package var seconds: Int?
    /// Whether the run before the last restart is meant.
    package var isPrevious: Bool

    /// Those lines.
    package init(
        pod: String? = nil,
        container: String? = nil,
        lines: Int = 100,
        seconds: Int? = nil,
        isPrevious: Bool = false
    ) {
        self.pod = pod
        self.container = container
        self.lines = lines
        self.seconds = seconds
        self.isPrevious = isPrevious
    }
}

/// The last lines of one container.
package struct ContainerLog: Sendable, Hashable {
    /// The pod.
    package var pod: String
    /// The container in it.
    package var container: String
    /// The lines, the oldest first.
    package var lines: [String]
    /// Why there are none, as a sentence; nil where there are some.
    package var missing: String?

    /// Those lines, or why there are none.
    package init(pod: String, container: String, lines: [String], missing: String? = nil) {
        self.pod = pod
        self.container = container
        self.lines = lines
        self.missing = missing
    }

    /// Writes the log as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pod", pod)
            writer.member("container", container)
            writer.key("lines")
            writer.array(lines) { $0.string($1) }
            writer.member("missing", orNull: missing)
        }
    }
}

/// The last lines of an environment.
package struct EnvironmentLogs: Sendable, Hashable {
    /// The namespace that was looked into.
    package var namespace: String
    /// One entry for each container, by pod and container.
    package var logs: [ContainerLog]
    /// Whether something was left out for the limits.
    package var isCut: Bool

    /// Those logs.
    package init(namespace: String, logs: [ContainerLog], isCut: Bool) {
        self.namespace = namespace
        self.logs = logs
        self.isCut = isCut
    }
}

/// Something that happened to an environment, in Slipway or in its cluster.
package struct EnvironmentHappening: Sendable, Hashable {
    /// Who says so.
    package enum Source: String, Sendable, CaseIterable {
        case slipway, kubernetes
    }

    /// When it last happened.
    package var at: Instant
    /// Who says so.
    package var source: Source
    /// `Normal` or `Warning`, as Kubernetes has them.
    package var type: String
    /// What happened, in one word.
    package var reason: String
    /// What it happened to, as `Kind/name`.
    package var object: String
    /// What happened, in words.
    package var message: String
    /// How often it happened.
    package var count: Int

    /// Puts together what is known.
    package init(
        at: Instant,
        source: Source,
        type: String,
        reason: String,
        object: String,
        message: String,
        count: Int
    ) {
        self.at = at
        self.source = source
        self.type = type
        self.reason = reason
        self.object = object
        self.message = message
        self.count = count
    }

    /// An event of Slipway's about an environment.
    package init(_ event: Event) {
        let word = event.type.description.split(separator: ".").suffix(2).joined(separator: ".")
        let bad = ["failed", "degraded", "superseded", "cancelled", "expiring"]
        let isBad = bad.contains { word.hasSuffix($0) }
        let data = (try? JSON.parse(event.data))?.object  // What is no object tells nothing more.
        let told = ["outcome", "reason", "liveRevision", "phase"].lazy
            .compactMap { data?[$0]?.string }.first
        self.init(
            at: event.at,
            source: .slipway,
            type: isBad ? "Warning" : "Normal",
            reason: word,
            object: "Environment/\(event.subject.name.split(separator: "/").last ?? "")",
            message: told ?? word,
            count: 1
        )
    }

    /// Writes what happened as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("at", at.description)
            writer.member("source", source.rawValue)
            writer.member("type", type)
            writer.member("reason", reason)
            writer.member("object", object)
            writer.member("message", message)
            writer.member("count", count)
        }
    }
}
