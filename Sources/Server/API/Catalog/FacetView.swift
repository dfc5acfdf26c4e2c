import Catalog
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

extension EntityPredicate {
    /// Checks that what it lets through may be counted by so many facets.
    func check(countedBy facets: Int, of parameter: String) throws(Problem) {
        guard walks * facets <= Self.facetWalksMax else {
            throw .invalidQuery([
                .query(
                    parameter,
                    "out-of-range",
                    "At most \(Self.facetWalksMax) prefixes and relations are looked for, those "
                        + "of filters too, anew for each facet; these are \(walks) for each of "
                        + "\(facets) facets. Ask for fewer facets at once."
                )
            ])
        }
    }
}
