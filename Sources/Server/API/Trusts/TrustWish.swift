import Domain
import HTTP
import JSON

/// What a caller wants of a trust, read from a body.
struct TrustWish: Sendable {
    let labels: Labels
    let spec: TrustSpec

    /// Reads `labels` and `spec`; `audience` is this server where nobody says.
    init?(_ reader: inout ObjectReader, _ call: Invocation) {
        let labels = reader.labels()
        let issuers = call.services.federation.issuers
        let spec = reader.object("spec", isRequired: true) { reader in
            let issuer = reader.required("issuer") { value throws(ReadingFault) in
                try Self.issuer(value, among: issuers)
            }
            let audience = reader.optional("audience", orNull: true, Self.text)
            // Everything else is read, and judged, where the issuer is wrong as well.
            let usual = TrustSpec(issuer: issuer ?? "", audience: audience ?? call.baseURL)
            return Self.spec(&reader, usual)
        }
        guard let spec else { return nil }
        for fault in spec.faults() {
            if case .spec(let path) = fault.place {
                reader.refuse(
                    at: JSONPointer(["spec"] + path),
                    fault.code,
                    fault.detail
                )
            }
        }
        self.labels = labels ?? Labels()
        self.spec = spec
    }

    private static func text(_ value: JSON) throws(ReadingFault) -> String {
        try Reading.text(1...TrustSpec.textLengthMax)(value)
    }

    private static func spec(_ reader: inout ObjectReader, _ usual: TrustSpec) -> TrustSpec {
        var spec = usual
        spec.repository = reader.optional("repository", orNull: true, text)
        spec.repositoryID = reader.optional("repositoryId", orNull: true, text)
        spec.repositoryURL = reader.optional("repositoryUrl", orNull: true, text)
        spec.refs = reader.array("refs", countMax: TrustSpec.listMax, pattern) ?? []
        spec.protectedRefs = reader.optional("protectedRefs", Reading.bool) ?? false
        spec.environment = reader.optional("environment", orNull: true, text)
        spec.claims = claims(&reader)
        spec.excludedEvents =
            reader.array("excludedEvents", countMax: TrustSpec.listMax, text)
            ?? usual.excludedEvents
        spec.environmentTypes =
            reader.array(
                "environmentTypes",
                countMax: EnvironmentType.allCases.count,
                Reading.choice(EnvironmentType.self)
            ) ?? usual.environmentTypes
        spec.environmentsMax =
            reader.optional("environmentsMax", Reading.number(1...TrustSpec.environmentsMost))
            ?? usual.environmentsMax
        spec.ttlMax = reader.optional("ttlMax", Reading.length) ?? usual.ttlMax
        spec.dependencies =
            reader.array("dependencies", countMax: TrustSpec.listMax, pattern) ?? []
        spec.offerings = reader.array("offerings", countMax: TrustSpec.listMax, pattern) ?? []
        spec.tokenTTL = reader.optional("tokenTtl", Reading.length) ?? usual.tokenTTL
        return spec
    }

    private static func issuer(
        _ value: JSON,
        among issuers: [String]
    ) throws(ReadingFault) -> String {
        let text = try text(value)
        guard issuers.contains(text) else {
            throw ReadingFault(
                "unknown-issuer",
                "This server takes the word of \(issuers.joined(separator: ", ")). Its operators "
                    + "add another with --oidc-issuer."
            )
        }
        return text
    }

    private static func pattern(_ value: JSON) throws(ReadingFault) -> Wildcard {
        Wildcard(try Reading.text(1...Wildcard.lengthMax)(value))
    }

    private static func claims(_ reader: inout ObjectReader) -> [TrustSpec.Claim] {
        guard let object = reader.optional("claims", Reading.object) else { return [] }
        let place = reader.pointer.appending("claims")
        guard object.count <= TrustSpec.listMax else {
            reader.refuse("claims", "too-many", "At most \(TrustSpec.listMax) claims.")
            return []
        }
        var claims: [TrustSpec.Claim] = []
        for member in object {
            do throws(ReadingFault) {
                claims.append(TrustSpec.Claim(name: member.key, pattern: try pattern(member.value)))
            } catch {
                reader.refuse(at: place.appending(member.key), error.code, error.detail)
            }
        }
        return claims
    }
}
