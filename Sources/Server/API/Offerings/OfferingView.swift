import Domain
import JSON
import Storage

/// How the API shows an offering.
enum OfferingView {
    /// One version of it, with the names of the others.
    static func write(
        _ writer: inout JSONWriter,
        _ release: OfferingRelease,
        amongst all: [OfferingRelease],
        isWhole: Bool
    ) {
        writer.object { writer in
            writeMembers(&writer, release)
            writer.key("versions")
            writer.array(all) { writer, other in
                writer.object { writer in
                    writer.member("version", other.offering.version.description)
                    writer.member("blueprintVersion", other.blueprintVersion)
                    writer.member("state", other.state.rawValue)
                }
            }
            guard isWhole else { return }
            writer.member("outputs", release.offering.outputs.withoutValues)
            writer.member("docs", release.offering.docs)
        }
    }

    /// What is needed to order it.
    static func writeMembers(_ writer: inout JSONWriter, _ release: OfferingRelease) {
        let offering = release.offering
        writer.member("name", offering.name.text)
        writer.member("version", offering.version.description)
        writer.member("title", offering.title)
        writer.member("description", offering.description)
        writer.key("tags")
        writer.array(offering.tags) { $0.string($1) }
        writer.key("blueprint")
        writer.object { writer in
            writer.member("name", release.blueprint.text)
            writer.member("version", release.blueprintVersion)
        }
        writer.key("for")
        writer.array(Offering.Owner.allCases.filter(offering.owners.contains)) {
            $0.string($1.rawValue)
        }
        writer.key("clusters")
        writer.array(ClusterKind.allCases.filter(offering.clusters.contains)) {
            $0.string($1.rawValue)
        }
        writer.member("runsIn", offering.place.rawValue)
        writer.key("requires")
        writer.array(offering.requires) { $0.string($1.description) }
        writer.member("nameMax", offering.nameMax)
        writer.key("plans")
        writer.array(offering.plans) { writer, plan in
            writer.object { writer in
                writer.member("name", plan.name)
                writer.member("description", plan.description)
                writer.member("parameters", offering.parameters(leftBy: plan))
                writer.key("changesTo")
                if let others = plan.changesTo {
                    writer.array(others) { $0.string($1) }
                } else {
                    writer.null()
                }
            }
        }
        writer.key("binding")
        if let binding = offering.binding { write(&writer, binding) } else { writer.null() }
    }

    private static func write(_ writer: inout JSONWriter, _ binding: OfferingBinding) {
        writer.object { writer in
            writer.member("parameters", binding.parameters)
            writer.member("type", binding.type)
            writer.key("rotation")
            writer.object { writer in
                writer.member("every", orNull: binding.rotatesEvery?.lengthText)
                writer.member("overlap", binding.overlap.lengthText)
            }
        }
    }
}

extension JSON {
    /// The schema of outputs as it is before there are any: `const` is a text with variables.
    fileprivate var withoutValues: JSON {
        guard var schema = object, var properties = schema["properties"]?.object else {
            return self
        }
        properties.changeValues { _, property in
            guard var property = property.object else { return property }
            property["const"] = nil
            return .object(property)
        }
        schema["properties"] = .object(properties)
        return .object(schema)
    }
}

extension Invocation {
    /// The blueprints whose offerings the caller may see: all of them, or that of its tenant.
    func offeringBlueprints() async throws -> [BlueprintName] {
        let storage = services.storage
        if let tenant = access.tenant {
            let found = try await storage.tenants.find(tenant, as: .system)
            return try found.map { [try $0.tenant().spec.blueprint.name] } ?? []
        }
        let page = try await storage.blueprints.list(
            ListQuery(limit: ListQuery.limitMax),
            as: .system
        )
        // A table holds no name that is none.
        return page.items.compactMap { try? BlueprintName(parsing: $0.name) }
    }

    /// What a blueprint offers, as the caller sees it first: a tenant's version before others.
    func offerings(of blueprint: BlueprintName) async throws -> OfferingRange {
        var version: String?
        if let tenant = access.tenant {
            let found = try await services.storage.tenants.find(tenant, as: .system)
            version = try found?.tenant().blueprintVersion
        }
        return try await OfferingRange(of: blueprint, startingAt: version, services)
    }
}

extension Tenant {
    /// The version of its blueprint whose offerings are its own; nil for the blueprint's default.
    var blueprintVersion: String? { status.version ?? spec.blueprint.version }
}
