import JSON
import Storage

/// How the API shows facets.
enum FacetView {
    /// The member `facets`: for each key its values and how many entities have them.
    static func write(_ writer: inout JSONWriter, _ counts: [(String, [FacetValue])]) {
        writer.key("facets")
        writer.object { writer in
            for (key, values) in counts {
                writer.key(named: key)
                writer.array(values) { writer, value in
                    writer.object { writer in
                        writer.member("value", value.value)
                        writer.member("count", value.count)
                    }
                }
            }
        }
    }
}
