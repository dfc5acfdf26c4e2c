internal import JSON

/// Writes metrics in Prometheus' text exposition format 0.0.4.
struct PrometheusText {
    /// The media type of the text.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []

    mutating func append(_ family: MetricFamily) {
        bytes.append(contentsOf: "# HELP \(family.name) ".utf8)
        appendEscaped(family.help, alsoQuotes: false)
        bytes.append(contentsOf: "\n# TYPE \(family.name) \(family.kind.rawValue)\n".utf8)
        for (labels, value) in family.series { append(value, name: family.name, labels: labels) }
    }

    private mutating func append(
        _ value: MetricFamily.Value,
        name: String,
        labels: MetricLabels
    ) {
        switch value {
        case .counter(let counter): sample(name, labels) { $0.appendDigits(of: counter.value) }
        case .gauge(let gauge): sample(name, labels) { $0.appendDigits(of: gauge.value) }
        case .histogram(let histogram): append(histogram, name: name, labels: labels)
        case .observed(let read):
            for one in read() { sample(name, one.labels) { $0.appendNumber(one.value) } }
        }
    }

    private mutating func append(_ histogram: Histogram, name: String, labels: MetricLabels) {
        let counts = histogram.cumulativeCounts
        let unit = histogram.buckets.unitsPerShown
        for (bound, count) in zip(histogram.buckets.bounds, counts) {
            var text: [UInt8] = []
            text.appendNumber(Double(bound) / unit)
            let bound = String(decoding: text, as: UTF8.self)
            sample(name + "_bucket", labels, bound: bound) { $0.appendDigits(of: count) }
        }
        let total = counts.last ?? 0
        sample(name + "_bucket", labels, bound: "+Inf") { $0.appendDigits(of: total) }
        sample(name + "_sum", labels) { $0.appendNumber(Double(histogram.sum) / unit) }
        sample(name + "_count", labels) { $0.appendDigits(of: total) }
    }

    private mutating func sample(
        _ name: String,
        _ labels: MetricLabels,
        bound: String? = nil,
        _ value: (inout [UInt8]) -> Void
    ) {
        bytes.append(contentsOf: name.utf8)
        var pairs = labels.pairs
        if let bound { pairs.append(.init(name: "le", value: bound)) }
        for (place, pair) in pairs.enumerated() {
            bytes.append(place == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
            bytes.append(contentsOf: pair.name.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            appendEscaped(pair.value, alsoQuotes: true)
            bytes.append(UInt8(ascii: "\""))
        }
        if !pairs.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
        value(&bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func appendEscaped(_ text: String, alsoQuotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\"") where alsoQuotes: bytes.append(contentsOf: "\\\"".utf8)
            default: bytes.append(byte)
            }
        }
    }
}

extension MetricsRegistry {
    /// The media type of `render()`.
    package static var contentType: String { PrometheusText.contentType }
}

extension [UInt8] {
    /// A number as Prometheus reads it: whole ones without a fraction, `+Inf`, `-Inf`, `NaN`.
    fileprivate mutating func appendNumber(_ value: Double) {
        if let whole = Int64(exactly: value) {
            appendDigits(of: whole)
        } else if value.isNaN {
            append(contentsOf: "NaN".utf8)
        } else if value.isInfinite {
            append(contentsOf: (value > 0 ? "+Inf" : "-Inf").utf8)
        } else {
            append(contentsOf: value.description.utf8)
        }
    }
}
