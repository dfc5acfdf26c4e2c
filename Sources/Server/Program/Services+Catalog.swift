import API
import Catalog
import Contract
import Domain
import EventLoop
import GitOps
import Ingest
import JSON
import Postgres
import Scorecards
import Storage
import YAML

extension Services {
    /// Reads the files of locations.
    var ingest: Ingest {
        let records = StoredIngest(store: storage.locations, scorecards: storage.scorecards)
        return Ingest(
            git: git,
            records: records,
            repositories: locationCopies,
            scorecards: Self.scorecards,
            judgements: records,
            clock: { Moment.now() }
        )
    }

    /// The scorecards that come with the program.
    static let scorecards: [Scorecard] = {
        let bytes = EmbeddedFiles.bytes("examples/scorecards/platform-native.yaml")
        do {
            return [try Scorecard(reading: YAML.parse(bytes))]
        } catch {
            preconditionFailure("the program's own scorecard is one: \(error)")
        }
    }()

    /// The repositories of locations.
    var locationCopies: LocationCopies {
        LocationCopies(
            git: git,
            layout: layout,
            storage: storage,
            hosts: hosts,
            sealer: keyring.sealer,
            refusal: settings.refusalOfLocation(at:),
            limits: (settings.webhookAddresses.limits, settings.forgeAddresses),
            pins: PinnedHosts { [resolver] host throws(ProviderFault) in
                try await resolver.addresses(of: host)
            }
        )
    }

    /// The catalog as the API needs it.
    var apiCatalog: APICatalog {
        APICatalog(
            scorecards: Self.scorecards,
            refusalOfAddress: { [settings, layout] url in
                // What this server keeps is read from the disk.
                let own = LocationTarget.key(ofRepository: layout.baseURL) + "/"
                let isOwn = LocationTarget.key(ofRepository: url).hasPrefix(own)
                return isOwn ? nil : settings.refusalOfLocation(at: url)
            },
            preview: { [ingest] target, tenant in
                do throws(ProviderFault) {
                    let found = try await ingest.preview(
                        target,
                        for: tenant,
                        entitiesMax: APICatalog.previewMax
                    )
                    let entities = found.files.flatMap { file in
                        file.entries.map { ($0.entity, file.target.description) }
                    }
                    let problems = found.problems + found.files.flatMap(\.problems)
                    if entities.isEmpty, let problem = problems.first {
                        throw ProviderFault.refused(reason: problem.description)
                    }
                    return APICatalog.Preview(entities: entities, problems: problems)
                } catch .transient(let after, _) {
                    throw StorageFault.database(.unavailable(retryAfter: after ?? .seconds(1)))
                } catch {
                    throw LocationRefusal(reason: error.sentence)
                }
            }
        )
    }

    /// Brings the entities of Slipway's own objects up to date.
    func followObjects() async throws {
        let most = CatalogStore.followedMax
        while try await storage.catalog.follow(at: Moment.now()) >= most {}
    }

    /// Judges entities by the scorecards that people wrote, those whose time has come.
    func judgeEntities() async throws {
        let pool = pool
        while try await storage.scorecards.judgeNext(
            at: Moment.now(),
            { scorecard, page in try await pool.run { page.judged(by: scorecard) } }
        ) {}
    }

    /// Has locations read whose time has come, and finds the repositories of tenants.
    func keepLocations() async throws {
        _ = try await storage.locations.discover(in: layout)
        while try await storage.locations.orderDue() == LocationStore.upkeepMax {}
    }
}

extension ProviderFault {
    /// What went wrong, as a sentence.
    fileprivate var sentence: String {
        switch self {
        case .transient(_, let reason), .away(let reason, _, _), .busy(let reason),
            .refused(let reason):
            reason
        case .cancelled: "The look was broken off."
        }
    }
}

extension Settings {
    /// Why a repository is not read at an address: where webhooks do not go, nothing is fetched.
    @Sendable func refusalOfLocation(at url: String) -> String? {
        webhookAddresses.refusal(of: url)?
            .replacing("Webhooks are not sent to", with: "Nothing is read from")
    }
}
