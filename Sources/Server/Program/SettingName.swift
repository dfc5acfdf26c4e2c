/// The settings by name: one flag, one variable, one default and one sentence each.
///
/// The help, the parsing and the README's table all come from here.
enum SettingName: CaseIterable, Sendable {
    case listen, dataDirectory, databaseURL, role, tlsCertificate, tlsKey, logLevel, logFormat
    case loops, publicURL, environmentDomain, drainSeconds, requestsPerSecondMax, concurrentStepsMax
    case allowsLocalClusters, oidcIssuers, webhookAddresses, seedsExample, allowsBenchmarks

    private struct Row {
        let flag: String
        let variable: String
        let fallback: String
        let help: String
    }

    private var row: Row {
        switch self {
        case .listen:
            Row(
                flag: "listen",
                variable: "SLIPWAY_LISTEN",
                fallback: "127.0.0.1:8080",
                help: "Addresses, separated by commas: host:port, [IPv6]:port or unix:/path."
            )
        case .dataDirectory:
            Row(
                flag: "data-dir",
                variable: "SLIPWAY_DATA_DIR",
                fallback: "./var",
                help: "Folder of the repositories, the keys and the embedded PostgreSQL."
            )
        case .databaseURL:
            Row(
                flag: "database-url",
                variable: "DATABASE_URL",
                fallback: "",
                help: "PostgreSQL, as a libpq URL; without it an embedded one is started."
            )
        case .role:
            Row(
                flag: "role",
                variable: "SLIPWAY_ROLE",
                fallback: "all",
                help: "What this process does: all, api or worker."
            )
        case .tlsCertificate:
            Row(
                flag: "tls-cert",
                variable: "SLIPWAY_TLS_CERT",
                fallback: "",
                help: "Certificate chain in PEM; SIGHUP reads it anew."
            )
        case .tlsKey:
            Row(
                flag: "tls-key",
                variable: "SLIPWAY_TLS_KEY",
                fallback: "",
                help: "The certificate's private key in PEM."
            )
        case .logLevel:
            Row(
                flag: "log-level",
                variable: "SLIPWAY_LOG_LEVEL",
                fallback: "info",
                help: "trace, debug, info, notice, warning, error or critical."
            )
        case .logFormat:
            Row(
                flag: "log-format",
                variable: "SLIPWAY_LOG_FORMAT",
                fallback: "json",
                help: "json or logfmt, one line a fact on standard output."
            )
        default: moreRows
        }
    }

    private var moreRows: Row {
        switch self {
        case .loops:
            Row(
                flag: "loops",
                variable: "SLIPWAY_LOOPS",
                fallback: "",
                help: "Event loops; one for each core unless said otherwise."
            )
        case .publicURL:
            Row(
                flag: "public-url",
                variable: "SLIPWAY_PUBLIC_URL",
                fallback: "",
                help: "What callers reach the server under; clone URLs start with it."
            )
        case .environmentDomain:
            Row(
                flag: "environment-domain",
                variable: "SLIPWAY_ENVIRONMENT_DOMAIN",
                fallback: "env.localhost",
                help: "What host names of environments end in."
            )
        case .drainSeconds:
            Row(
                flag: "drain-seconds",
                variable: "SLIPWAY_DRAIN_SECONDS",
                fallback: "30",
                help: "How long requests and steps under way may take after SIGTERM."
            )
        case .requestsPerSecondMax:
            Row(
                flag: "requests-per-second",
                variable: "SLIPWAY_REQUESTS_PER_SECOND",
                fallback: "200",
                help: "What one token may send, with bursts of ten seconds' worth; 0: no limit."
            )
        case .concurrentStepsMax:
            Row(
                flag: "concurrent-steps",
                variable: "SLIPWAY_CONCURRENT_STEPS",
                fallback: "32",
                help: "Job steps that this process runs at a time."
            )
        default: lastRows
        }
    }

    private var lastRows: Row {
        switch self {
        case .allowsLocalClusters:
            Row(
                flag: "local-clusters",
                variable: "SLIPWAY_LOCAL_CLUSTERS",
                fallback: "false",
                help: "Let tenants name clusters that run on this machine."
            )
        case .oidcIssuers:
            Row(
                flag: "oidc-issuer",
                variable: "SLIPWAY_OIDC_ISSUER",
                fallback: "https://token.actions.githubusercontent.com,https://gitlab.com",
                help: "Issuers whose tokens pipelines may exchange; may be repeated."
            )
        case .webhookAddresses:
            Row(
                flag: "webhook-addresses",
                variable: "SLIPWAY_WEBHOOK_ADDRESSES",
                fallback: "internet",
                help: "Where webhooks may go: internet, private for your own networks too, or any."
            )
        case .seedsExample:
            Row(
                flag: "seed-example",
                variable: "SLIPWAY_SEED_EXAMPLE",
                fallback: "true",
                help: "Register the example blueprint when the database has none."
            )
        default:
            Row(
                flag: "allow-benchmarks",
                variable: "SLIPWAY_ALLOW_BENCHMARKS",
                fallback: "false",
                help: "Let the workflows run that exist to be measured."
            )
        }
    }

    /// The long flag without its dashes.
    var flag: String { row.flag }
    /// The environment variable.
    var variable: String { row.variable }
    /// What holds when neither is given; empty where the default is worked out.
    var fallback: String { row.fallback }
    /// One sentence for the help.
    var help: String {
        let fallback = row.fallback.isEmpty ? "" : "; default: \(row.fallback)"
        return "\(row.help) (\(row.variable)\(fallback))"
    }
}
