import Domain
import Federation
import HTTP
import Logging
import Telemetry

/// The process's configuration, parsed and checked: nothing past it looks at a flag or an
/// environment variable again.
struct Settings: Equatable, Sendable {
    /// Which of the two halves of the server a process runs.
    enum Role: String, CaseIterable, Sendable {
        case all, api, worker

        var servesAPI: Bool { self != .worker }
        var runsJobs: Bool { self != .api }
    }

    /// Certificate chain and key, both in PEM files.
    struct TLSFiles: Equatable, Sendable {
        let certificate: String
        let key: String
    }

    var listen: [ListenAddress]
    var dataDirectory: String
    /// A libpq URL or connection string; nil asks for the embedded PostgreSQL.
    var databaseURL: String?
    var role: Role
    var tls: TLSFiles?
    var logLevel: Logger.Level
    var logFormat: LogFormat
    /// Event loops; one for each core is the most that helps.
    var loops: Int
    /// What callers reach the server under, without a trailing slash; nil: made from `listen`.
    var publicURL: String?
    /// What host names of environments end in.
    var environmentDomain: String
    var drainSeconds: Int
    /// Requests a second that one token may send; 0 lifts the limit.
    var requestsPerSecondMax: Int
    /// Steps that this process runs at a time.
    var concurrentStepsMax: Int
    /// Whether tenants may adopt clusters that run on this machine.
    var allowsLocalClusters: Bool
    /// Whose word on pipelines is taken.
    var oidcIssuers: [Issuer]
    /// Where webhooks may go.
    var webhookAddresses: WebhookAddresses
    /// Whether the example blueprint is registered on a database without any.
    var seedsExample: Bool
    /// Whether the workflows that exist only to be measured may run.
    var allowsBenchmarks: Bool
}

/// What is wrong with the settings; each line names the flag and the variable.
struct SettingsFault: Error, Equatable, CustomStringConvertible {
    let problems: [String]

    var description: String {
        problems.joined(separator: "\n")
    }
}

extension Settings {
    /// Takes each setting from its flag, else from its variable, else its default.
    ///
    /// `processors`, how many cores the machine has, is the default for the loops. Throws
    /// everything that is wrong, not only the first.
    init(
        flags: [SettingName: String],
        environment: [String: String],
        processors: Int
    ) throws(SettingsFault) {
        var source = SettingsSource(flags: flags, environment: environment)
        listen = source.addresses()
        dataDirectory = source.text(.dataDirectory)
        databaseURL = source.optional(.databaseURL)
        role = source.choice(.role, Role.self, else: .all)
        logLevel = source.choice(.logLevel, Logger.Level.self, else: .info)
        logFormat = source.choice(.logFormat, LogFormat.self, else: .json)
        loops = source.number(.loops, in: 1...64, else: max(1, min(processors, 64)))
        publicURL = source.optional(.publicURL)
        environmentDomain = source.text(.environmentDomain)
        drainSeconds = source.number(.drainSeconds, in: 0...3600, else: 30)
        requestsPerSecondMax = source.number(.requestsPerSecondMax, in: 0...1_000_000, else: 200)
        concurrentStepsMax = source.number(.concurrentStepsMax, in: 1...1024, else: 32)
        allowsLocalClusters = source.flag(.allowsLocalClusters, else: false)
        oidcIssuers = source.issuers()
        webhookAddresses = source.choice(
            .webhookAddresses,
            WebhookAddresses.self,
            else: .internet
        )
        seedsExample = source.flag(.seedsExample, else: true)
        allowsBenchmarks = source.flag(.allowsBenchmarks, else: false)
        tls = source.tlsFiles()
        if let publicURL {
            source.check(
                publicURL.hasPrefix("http://") || publicURL.hasPrefix("https://"),
                .publicURL,
                "must start with http:// or https://"
            )
        }
        source.check(
            environmentDomain.split(separator: ".", omittingEmptySubsequences: false)
                // Any kind of name is a label of a host name.
                .allSatisfy { (try? TenantName(parsing: String($0))) != nil },
            .environmentDomain,
            "must be a domain name in lower case, such as env.example.com"
        )
        guard source.problems.isEmpty else { throw SettingsFault(problems: source.problems) }
        while publicURL?.hasSuffix("/") == true { publicURL?.removeLast() }
    }
}
