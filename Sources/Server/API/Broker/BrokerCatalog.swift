import Domain
import HTTP
import JSON
import Secrets

/// The offerings as Open Service Broker's clients see them.
struct BrokerCatalog {
    /// Bytes of a schema that the specification allows.
    private static let schemaBytesMax = 64 << 10

    let releases: [OfferingRelease]

    /// What the caller's blueprints offer to tenants, each as an order without a version gets it.
    init(_ call: Invocation) async throws {
        var releases: [OfferingRelease] = []
        for blueprint in try await call.offeringBlueprints() {
            let range = try await call.offerings(of: blueprint)
            releases += range.names.compactMap { range.release(of: $0, nil) }
        }
        self.releases = releases.filter { $0.offering.owners.contains(.tenant) }
    }

    /// The offering of that id.
    func release(_ id: String) -> OfferingRelease? {
        releases.first { $0.brokerID == id.lowercased() }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("services")
            writer.array(releases) { Self.write(&$0, $1) }
        }
    }

    private static func write(_ writer: inout JSONWriter, _ release: OfferingRelease) {
        let offering = release.offering
        writer.object { writer in
            writer.member("id", release.brokerID)
            writer.member("name", offering.name.text)
            writer.member("description", offering.description)
            writer.key("tags")
            writer.array(offering.tags) { $0.string($1) }
            writer.member("bindable", offering.binding != nil)
            writer.member("instances_retrievable", true)
            writer.member("bindings_retrievable", true)
            writer.member("allow_context_updates", false)
            // The specification spells it so.
            writer.member("plan_updateable", true)
            writer.key("metadata")
            writer.object { $0.member("displayName", offering.title) }
            writer.key("plans")
            writer.array(offering.plans) { write(&$0, $1, of: release) }
        }
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ plan: OfferingPlan,
        of release: OfferingRelease
    ) {
        let offering = release.offering
        writer.object { writer in
            writer.member("id", release.brokerID(of: plan))
            writer.member("name", plan.name)
            writer.member("description", plan.description)
            writer.member("free", true)
            writer.member("binding_rotatable", offering.binding != nil)
            writer.key("maintenance_info")
            writer.object { $0.member("version", offering.version.description) }
            let most = Swift.max(
                offering.deadline.components.seconds,
                offering.binding?.deadline.components.seconds ?? 0
            )
            writer.member("maximum_polling_duration", most)
            guard let schema = schema(offering.parameters(leftBy: plan)) else { return }
            writer.key("schemas")
            writer.object { writer in
                writer.key("service_instance")
                writer.object { writer in
                    for verb in ["create", "update"] {
                        writer.key(named: verb)
                        writer.object { $0.member("parameters", schema) }
                    }
                }
                guard let binding = offering.binding.flatMap({ Self.schema($0.parameters) }) else {
                    return
                }
                writer.key("service_binding")
                writer.object { writer in
                    writer.key("create")
                    writer.object { $0.member("parameters", binding) }
                }
            }
        }
    }

    /// The schema with its dialect; nil for one that is too long to be told.
    private static func schema(_ schema: JSON) -> JSON? {
        guard var object = schema.object else { return nil }
        object["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        let whole = JSON.object(object)
        return whole.serialized().count <= schemaBytesMax ? whole : nil
    }
}

extension OfferingRelease {
    /// A UUID made of blueprint and offering, so that it stays.
    var brokerID: String { Self.id(of: "\(blueprint)/\(offering.name)") }

    /// A UUID made of blueprint, offering and plan.
    func brokerID(of plan: OfferingPlan) -> String {
        Self.id(of: "\(blueprint)/\(offering.name)/\(plan.name)")
    }

    /// The plan of that id.
    func plan(brokerID id: String) -> OfferingPlan? {
        offering.plans.first { brokerID(of: $0) == id.lowercased() }
    }

    /// A UUID of version 8 (RFC 9562 §5.8) out of a hash.
    private static func id(of text: String) -> String {
        let hash = SHA256.hash("osb/\(text)")
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let high = word(hash[0..<8]) & ~0xF000 | 0x8000
        let low = word(hash[8..<16]) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return ID<Offering>(high: high, low: low).description
    }
}
