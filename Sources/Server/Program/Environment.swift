import Glibc

/// The process's environment variables.
enum Environment {
    /// The value of one variable.
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The variables that settings are read from.
    static var settings: [String: String] {
        var given: [String: String] = [:]
        for name in SettingName.allCases { given[name.variable] = value(name.variable) }
        return given
    }

    /// The cores that this process may use.
    static var processors: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}

/// The machine.
enum Host {
    /// Host name and process id: what people see as a worker's name.
    static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(String(decoding: host, as: UTF8.self))/\(getpid())"
    }
}
