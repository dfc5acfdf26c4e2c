import Glibc
import Logging
import Telemetry

/// The process's log: structured lines on standard output.
struct Log {
    let sink: LogSink
    let level: Logger.Level

    init(_ settings: Settings) {
        sink = LogSink(descriptor: STDOUT_FILENO, format: settings.logFormat)
        level = settings.logLevel
    }

    /// The logger of one part of the program.
    func logger(_ label: String) -> Logger {
        Logger(label: label) { label in
            StructuredLogHandler(label: label, sink: sink, level: level)
        }
    }
}
