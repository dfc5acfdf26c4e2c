import Domain
import JSON
import Secrets

/// What a caller wants of a source, read from a body.
struct SourceWish: Sendable {
    let labels: Labels
    let spec: SourceSpec
    /// The secret that was sent; nil where what is stored stays, or one is made.
    let secret: SecretBytes?

    /// The shortest and the longest secret, in characters.
    private static let secretLengths = 16...255

    init?(_ reader: inout ObjectReader) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            let forge: ForgeName? = reader.required("forge", Reading.name)
            let repository = reader.required("repository", Self.repository)
            let secret = reader.optional("secret", Reading.text(Self.secretLengths))
            let service: ServiceName? = reader.optional("service", orNull: true, Reading.name)
            let template: EnvironmentTemplateName? =
                reader.optional("template", orNull: true, Reading.name)
            let parameters = reader.optional("parameters", Reading.object) ?? JSONObject()
            let pulls = reader.object("pullRequests", PullRequestRule.init(reading:))
            let branches = reader.objects(
                "branches",
                countMax: SourceSpec.branchesMax,
                BranchRule.init(reading:)
            )
            let report = reader.object("report") { reader in
                ReportRule(
                    status: reader.optional("status", Reading.bool) ?? true,
                    deployment: reader.optional("deployment", Reading.bool) ?? true,
                    comment: reader.optional("comment", Reading.bool) ?? true
                )
            }
            guard let forge, let repository else { return (SourceSpec, String?)?.none }
            let spec = SourceSpec(
                forge: forge,
                repository: repository,
                service: service,
                template: template,
                parameters: parameters,
                pullRequests: pulls ?? PullRequestRule(),
                branches: branches ?? [],
                report: report ?? ReportRule()
            )
            return (spec, secret)
        }
        guard let read else { return nil }
        self.labels = labels ?? Labels()
        spec = read.0
        secret = read.1.map { SecretBytes($0) }
    }

    /// A path such as `acme/shop`, as the forge has it.
    private static func repository(_ value: JSON) throws(ReadingFault) -> String {
        let text = try Reading.text(3...SourceSpec.repositoryLengthMax)(value)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPath = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.utf8.allSatisfy { byte in
                    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                        || byte == UInt8(ascii: "-")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                }
        }
        guard parts.count >= 2, isPath else {
            throw ReadingFault("not-a-repository", "Expected the path of a repository: acme/shop.")
        }
        return text
    }
}

extension PullRequestRule {
    fileprivate init(reading reader: inout ObjectReader) {
        let usual = PullRequestRule()
        let lifetime = reader.object("lifetime") { reader in
            EnvironmentLifetime(
                ttl: reader.optional("ttl", orNull: true, Reading.length),
                max: reader.optional("max", orNull: true, Reading.length)
            )
        }
        self.init(
            isEnabled: reader.optional("enabled", Reading.bool) ?? true,
            name: reader.optional("name", Reading.pattern) ?? usual.name,
            images: reader.images(),
            lifetime: lifetime ?? EnvironmentLifetime(),
            forks: reader.optional("forks", Reading.choice()) ?? .approval,
            drafts: reader.optional("drafts", Reading.bool) ?? true,
            labels: reader.array(
                "labels",
                countMax: PullRequestRule.labelsMax,
                Reading.text(1...100)
            ) ?? []
        )
    }
}

extension BranchRule {
    fileprivate init?(reading reader: inout ObjectReader) {
        let pattern = reader.required("pattern", Reading.text(1...SourcePattern.lengthMax))
        let environment = reader.required("environment", Reading.pattern)
        let type = reader.optional("type", Reading.choice(EnvironmentType.self))
        let images = reader.images()
        guard let pattern, let environment else { return nil }
        self.init(
            pattern: pattern,
            environment: environment,
            type: type ?? .development,
            images: images
        )
    }
}

extension ObjectReader {
    /// The member `images`: a pattern for each name.
    fileprivate mutating func images() -> [String: SourcePattern] {
        guard let object = optional("images", Reading.object) else { return [:] }
        let place = pointer.appending("images")
        guard object.count <= EnvironmentSpec.imagesMax else {
            refuse("images", "too-many", "At most \(EnvironmentSpec.imagesMax) images.")
            return [:]
        }
        var images: [String: SourcePattern] = [:]
        for member in object {
            do throws(ReadingFault) {
                images[member.key] = try Reading.pattern(member.value)
            } catch {
                refuse(at: place.appending(member.key), error.code, error.detail)
            }
        }
        return images
    }
}

extension Reading {
    /// Text in which `${NAME}` stands for something of a pull request or a push.
    fileprivate static func pattern(_ value: JSON) throws(ReadingFault) -> SourcePattern {
        let text = try text(1...SourcePattern.lengthMax)(value)
        do {
            return try SourcePattern(parsing: text)
        } catch {
            throw ReadingFault("unknown-variable", error.detail)
        }
    }
}
