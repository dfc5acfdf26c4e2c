import Domain
import JSON

extension EnvironmentDependency {
    /// Reads an `offering` that is ordered, a `service` of an `environment`, or one at a `version`
    /// that is to run beside, and what is wanted of it.
    init?(reading reader: inout ObjectReader) {
        if reader.says("offering") {
            guard let order = OrderedService(reading: &reader) else { return nil }
            self = .ordered(order)
            return
        }
        let service: ServiceName? = reader.required("service", Reading.name)
        let isCompanion = !reader.says("environment") && reader.says("version")
        let environment: EnvironmentName? =
            isCompanion
            ? reader.optional("environment", orNull: true, Reading.name)
            : reader.required("environment", Reading.name)
        let version = reader.optional("version", orNull: true, Reading.versionWish)
        let image = reader.optional("image", orNull: true, Reading.text(1...63))
        let alias: ServiceName? = reader.optional("name", orNull: true, Reading.name)
        if isCompanion, let service, let version {
            self = .companion(
                CompanionService(service: service, version: version, image: image, alias: alias)
            )
            return
        }
        guard let service, let environment else { return nil }
        self = .shared(
            SharedService(
                service: service,
                environment: environment,
                version: version,
                image: image,
                alias: alias
            )
        )
    }
}

extension OrderedService {
    /// Reads `offering`, and how it is wanted.
    fileprivate init?(reading reader: inout ObjectReader) {
        var version: SemanticVersion?
        let offering: OfferingName? = reader.object("offering", isRequired: true) { reader in
            version = reader.optional("version", orNull: true, Reading.semanticVersion)
            return reader.required("name", Reading.name)
        }
        let plan = reader.optional("plan", orNull: true, Reading.text(1...63))
        let parameters = reader.optional("parameters", Reading.object)
        let asked = reader.object("binding", orNull: true) { reader in
            reader.optional("parameters", Reading.object) ?? JSONObject()
        }
        let alias: ServiceName? = reader.optional("name", orNull: true, Reading.name)
        guard let offering else { return nil }
        self.init(
            offering: offering,
            version: version,
            plan: plan,
            parameters: parameters ?? JSONObject(),
            bindingParameters: asked ?? JSONObject(),
            alias: alias
        )
    }
}

extension Reading {
    /// What is to run in an environment, as a commit, a tag or a range.
    fileprivate static func versionWish(_ value: JSON) throws(ReadingFault) -> VersionWish {
        guard let wish = VersionWish(parsing: try string(value)) else {
            throw ReadingFault(
                "invalid-version",
                "Expected a tag such as `1.4.2`, a range such as `^1.4` or `>=1.4 <2`, or the "
                    + "whole id of a commit."
            )
        }
        return wish
    }
}
