import Domain
import JSON
import Storage

/// What can be ordered, of all blueprints that the caller may see.
struct ListOfferings: Operation {
    static let endpoint = Endpoint.listing(
        "listOfferings",
        "/v1/offerings",
        .readOfferings,
        filters: ["blueprint", "tag"]
    )

    private let list: ListRequest
    private let blueprint: BlueprintName?
    private let tag: String?

    init(reading inputs: Inputs) throws(Problem) {
        list = try ListRequest(reading: inputs)
        blueprint = try inputs.filter("blueprint", Reading.name)
        tag = try inputs.filter("tag", Reading.text(1...63))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        var shown: [[OfferingRelease]] = []
        for name in try await call.offeringBlueprints() where blueprint ?? name == name {
            let range = try await call.offerings(of: name)
            shown += range.names.map(range.releases(of:)).filter { releases in
                tag.map { releases[0].offering.tags.contains($0) } ?? true
            }
        }
        shown.sort { Self.key($0[0]) < Self.key($1[0]) }
        if let start = list.position.map({ String(decoding: $0, as: UTF8.self) }) {
            shown.removeAll { Self.key($0[0]) <= start }
        }
        let page = Page(
            items: Array(shown.prefix(list.limit)),
            hasMore: shown.count > list.limit
        )
        return list.answer(page, call, position: { Array(Self.key($0[0]).utf8) }) { writer, all in
            OfferingView.write(&writer, all[0], amongst: all, isWhole: false)
        }
    }

    private static func key(_ release: OfferingRelease) -> String {
        "\(release.offering.name) \(release.blueprint)"
    }
}
