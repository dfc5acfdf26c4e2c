import Domain
import JSON

extension EnvironmentDependency {
    /// Reads `service` of an `environment`, and what is wanted of it.
    init?(reading reader: inout ObjectReader) {
        let offering = reader.optional("offering", orNull: true, Reading.string)
        guard offering == nil else {
            reader.refuse(
                "offering",
                "not-supported",
                "The platform has no offerings yet. Name a `service` and the `environment` that "
                    + "has it, or let the template bring what is needed."
            )
            return nil
        }
        let service: ServiceName? = reader.required("service", Reading.name)
        let environment: EnvironmentName? = reader.required("environment", Reading.name)
        let version = reader.optional("version", orNull: true, Reading.versionWish)
        let image = reader.optional("image", orNull: true, Reading.text(1...63))
        let alias: ServiceName? = reader.optional("name", orNull: true, Reading.name)
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
