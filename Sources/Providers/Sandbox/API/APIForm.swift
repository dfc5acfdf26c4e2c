/// The form in which a caller wants objects.
enum APIForm: Equatable, Sendable {
    /// As they are.
    case whole
    /// Rows for people.
    case table
    /// The metadata alone.
    case metadata
    /// All of discovery at once, in that version of its format.
    case discovery(String)

    /// The first form of an `Accept` header that can be given; nil where there is none.
    ///
    /// Protobuf cannot be given; kubectl names JSON behind it.
    init?(accepting header: String?, discovers: Bool = false) {
        guard let header, !header.isEmpty else {
            self = .whole
            return
        }
        for range in header.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let type = parts.first,
                ["application/json", "application/*", "*/*"].contains(type)
            else { continue }
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { parameters[String(pair[0])] = String(pair[1]) }
            }
            switch parameters["as"] {
            case nil: self = .whole
            case "Table" where parameters["v"] == "v1": self = .table
            case "PartialObjectMetadata", "PartialObjectMetadataList": self = .metadata
            case "APIGroupDiscoveryList" where discovers:
                self = .discovery(parameters["v"] ?? "v2")
            default: continue
            }
            return
        }
        return nil
    }
}
