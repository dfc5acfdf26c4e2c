package import Logging

/// Writes what swift-log is told as one structured line a fact.
package struct StructuredLogHandler: LogHandler {
    /// Fields on every line of this logger.
    package var metadata: Logger.Metadata = [:]
    /// Lines below this level are not written.
    package var logLevel: Logger.Level
    /// Where fields of the current task come from.
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: LogSink

    /// A handler for the logger `label`.
    package init(label: String, sink: LogSink, level: Logger.Level) {
        self.label = label
        self.sink = sink
        logLevel = level
    }

    /// One field of every line of this logger.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event as one line.
    package func log(event: LogEvent) {
        let fields = fields(of: event)
        sink.write(event.level, event.message.description) { line in
            line.field("logger", label)
            for (name, value) in fields { line.field(named: name, value) }
        }
    }

    /// All fields in the order of their names; nearer ones win: event, task, logger.
    ///
    /// Made before the sink's lock is taken, because a value may run any code to describe itself.
    private func fields(of event: LogEvent) -> [(name: String, value: String)] {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        return all.sorted { $0.key < $1.key }.map { name, value in
            (LogName.isReserved(name) ? "field_" + name : name, "\(value)")
        }
    }
}

/// The names that each line already has.
private enum LogName {
    static func isReserved(_ name: String) -> Bool {
        name == "ts" || name == "level" || name == "msg" || name == "logger"
    }
}
