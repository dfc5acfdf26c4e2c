import Federation
import HTTP

/// Reads settings from flags and environment and remembers everything that is wrong.
struct SettingsSource {
    let flags: [SettingName: String]
    let environment: [String: String]
    private(set) var problems: [String] = []

    init(flags: [SettingName: String], environment: [String: String]) {
        self.flags = flags
        self.environment = environment
    }

    /// What was given by flag or variable; an empty variable counts as not given.
    func optional(_ name: SettingName) -> String? {
        if let flag = flags[name] { return flag }
        guard let variable = environment[name.variable], !variable.isEmpty else { return nil }
        return variable
    }

    func text(_ name: SettingName) -> String {
        optional(name) ?? name.fallback
    }

    mutating func oneOf(_ name: SettingName, _ allowed: [String]) -> String {
        let given = text(name)
        check(allowed.contains(given), name, "must be one of \(allowed.joined(separator: ", "))")
        return given
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: SettingName,
        _ type: Choice.Type,
        else fallback: Choice
    ) -> Choice where Choice.RawValue == String {
        let given = oneOf(name, type.allCases.map(\.rawValue))
        return Choice(rawValue: given) ?? fallback
    }

    mutating func number(
        _ name: SettingName,
        in range: ClosedRange<Int>,
        else fallback: Int
    ) -> Int {
        guard let given = optional(name) else { return fallback }
        let digits = !given.isEmpty && given.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard digits, let number = Int(given), range.contains(number) else {
            check(
                false,
                name,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
            return fallback
        }
        return number
    }

    mutating func flag(_ name: SettingName, else fallback: Bool) -> Bool {
        guard let given = optional(name) else { return fallback }
        check(["true", "false"].contains(given), name, "must be true or false")
        return given == "true"
    }

    /// One address or several, between commas.
    mutating func addresses() -> [ListenAddress] {
        let given = text(.listen).split(separator: ",")
        check(!given.isEmpty, .listen, "names no address; give host:port or unix:/path")
        let addresses = given.compactMap { ListenAddress(String($0)) }
        check(
            addresses.count == given.count,
            .listen,
            "names what is no address; give host:port, [IPv6]:port or unix:/path"
        )
        return addresses
    }

    /// Issuers of pipelines' tokens, between commas; none where nothing stands there.
    mutating func issuers() -> [Issuer] {
        let given = text(.oidcIssuers).split(separator: ",").map { $0.filter { $0 != " " } }
        let issuers = given.compactMap { Issuer($0) }
        check(
            issuers.count == given.count && issuers.count <= Self.issuersMax,
            .oidcIssuers,
            "must be up to \(Self.issuersMax) https addresses as tokens name them, between commas"
        )
        return issuers
    }

    /// The most issuers of one server.
    private static let issuersMax = 50

    /// Both files or neither.
    mutating func tlsFiles() -> Settings.TLSFiles? {
        switch (optional(.tlsCertificate), optional(.tlsKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            return Settings.TLSFiles(certificate: certificate, key: key)
        case (nil, _?):
            check(false, .tlsCertificate, "is missing: a key was given without a certificate")
            return nil
        case (_?, nil):
            check(false, .tlsKey, "is missing: a certificate was given without its key")
            return nil
        }
    }

    mutating func check(_ holds: Bool, _ name: SettingName, _ sentence: String) {
        guard !holds else { return }
        let given = optional(name).map { name == .databaseURL ? "" : " is '\($0)' and" } ?? ""
        problems.append("--\(name.flag) (\(name.variable))\(given) \(sentence)")
    }
}
