import ArgumentParser

/// The flags of every command that opens the database; `serve` has more.
struct DatabaseFlags: ParsableArguments {
    @Option(name: .customLong(SettingName.dataDirectory.flag), help: help(.dataDirectory))
    var dataDirectory: String?

    @Option(name: .customLong(SettingName.databaseURL.flag), help: help(.databaseURL))
    var databaseURL: String?

    @Option(name: .customLong(SettingName.logLevel.flag), help: help(.logLevel))
    var logLevel: String?

    /// What was given, by name.
    var given: [SettingName: String] {
        var given: [SettingName: String] = [:]
        given[.dataDirectory] = dataDirectory
        given[.databaseURL] = databaseURL
        given[.logLevel] = logLevel
        return given
    }
}

/// The flags that only `serve` knows.
struct ServeFlags: ParsableArguments {
    @Option(name: .customLong(SettingName.listen.flag), help: help(.listen))
    var listen: String?

    @Option(name: .customLong(SettingName.role.flag), help: help(.role))
    var role: String?

    @Option(name: .customLong(SettingName.tlsCertificate.flag), help: help(.tlsCertificate))
    var tlsCertificate: String?

    @Option(name: .customLong(SettingName.tlsKey.flag), help: help(.tlsKey))
    var tlsKey: String?

    @Option(name: .customLong(SettingName.logFormat.flag), help: help(.logFormat))
    var logFormat: String?

    @Option(name: .customLong(SettingName.loops.flag), help: help(.loops))
    var loops: String?

    @Option(name: .customLong(SettingName.publicURL.flag), help: help(.publicURL))
    var publicURL: String?

    @Option(
        name: .customLong(SettingName.environmentDomain.flag),
        help: help(.environmentDomain)
    )
    var environmentDomain: String?

    @Option(name: .customLong(SettingName.drainSeconds.flag), help: help(.drainSeconds))
    var drainSeconds: String?

    @Option(
        name: .customLong(SettingName.requestsPerSecondMax.flag),
        help: help(.requestsPerSecondMax)
    )
    var requestsPerSecondMax: String?

    @Option(
        name: .customLong(SettingName.concurrentStepsMax.flag),
        help: help(.concurrentStepsMax)
    )
    var concurrentStepsMax: String?

    @Option(
        name: .customLong(SettingName.allowsLocalClusters.flag),
        help: help(.allowsLocalClusters)
    )
    var allowsLocalClusters: String?

    @Option(name: .customLong(SettingName.oidcIssuers.flag), help: help(.oidcIssuers))
    var oidcIssuers: [String] = []

    @Option(
        name: .customLong(SettingName.webhookAddresses.flag),
        help: help(.webhookAddresses)
    )
    var webhookAddresses: String?

    @Option(name: .customLong(SettingName.seedsExample.flag), help: help(.seedsExample))
    var seedsExample: String?

    @Option(
        name: .customLong(SettingName.allowsBenchmarks.flag),
        help: ArgumentHelp("\(SettingName.allowsBenchmarks.help)", visibility: .hidden)
    )
    var allowsBenchmarks: String?

    /// What was given, by name.
    var given: [SettingName: String] {
        var given: [SettingName: String] = [:]
        given[.listen] = listen
        given[.role] = role
        given[.tlsCertificate] = tlsCertificate
        given[.tlsKey] = tlsKey
        given[.logFormat] = logFormat
        given[.loops] = loops
        given[.publicURL] = publicURL
        given[.environmentDomain] = environmentDomain
        given[.drainSeconds] = drainSeconds
        given[.requestsPerSecondMax] = requestsPerSecondMax
        given[.concurrentStepsMax] = concurrentStepsMax
        given[.allowsLocalClusters] = allowsLocalClusters
        if !oidcIssuers.isEmpty { given[.oidcIssuers] = oidcIssuers.joined(separator: ",") }
        given[.webhookAddresses] = webhookAddresses
        given[.seedsExample] = seedsExample
        given[.allowsBenchmarks] = allowsBenchmarks
        return given
    }
}

private func help(_ name: SettingName) -> ArgumentHelp {
    ArgumentHelp(stringLiteral: name.help)
}
