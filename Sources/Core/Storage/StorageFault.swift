package import Domain
package import Postgres

/// Why something was not stored or found, by what the caller can do about it.
package enum StorageFault: Error, Equatable, Sendable {
    /// There is no such thing, or the caller may not see or change it.
    case notFound
    /// The thing is there, but not at the revision that was asked for.
    case stale(current: Int64)
    /// Another thing of this kind has the name.
    case nameTaken
    /// Something refers to the thing: it cannot go.
    case inUse
    /// Something that the new thing refers to is not there.
    case missingReference
    /// Another management cluster is the default.
    case defaultTaken
    /// A cluster is refused as things stand where it would be stored.
    case refused(ClusterRefusal)
    /// An environment is refused as things stand where it would be stored.
    case environmentRefused(EnvironmentRefusal)
    /// A service or a binding is refused as things stand where it would be stored.
    case serviceRefused(ServiceRefusal)
    /// There are as many forges as may be.
    case forgesExhausted
    /// The tenant has as many sources as it may.
    case sourcesExhausted
    /// Another source of the tenant is about the repository.
    case repositoryTaken
    /// The tenant, or the platform, has as many entities as it may, or as many bytes of them.
    case catalogExhausted
    /// The tenant, or the platform, has as many locations as it may.
    case locationsExhausted
    /// There are as many scorecards as may be.
    case scorecardsExhausted
    /// The tenant has as many trusts as it may.
    case trustsExhausted
    /// The trust has given as many tokens as may work at once.
    case tokensExhausted
    /// The issuer's token was exchanged before.
    case alreadyExchanged
    /// The idempotency key was used with another payload.
    case keyReused
    /// The first call with this idempotency key is still under way.
    case keyInProgress
    /// Events behind the position were deleted for their age; `oldest` is the first one left.
    case positionTooOld(oldest: Int64)
    /// No event has had a position that high; `newest` is the last one given out.
    case positionUnknown(newest: Int64)
    /// A stored document cannot be read.
    case unreadable(String)
    /// The database gave no answer.
    case database(DatabaseFault)
}

extension StorageFault {
    /// What a violated constraint means to the caller; other faults are passed on.
    init(_ fault: DatabaseFault) {
        self =
            switch fault {
            case .unique(let constraint): Self.meaning(ofUnique: constraint) ?? .database(fault)
            case .foreignKey(let constraint): Self.meaning(ofForeignKey: constraint)
            default: .database(fault)
            }
    }

    private static func meaning(ofUnique constraint: String) -> StorageFault? {
        switch constraint {
        case "tenant_name_is_unique", "blueprint_name_is_unique",
            "management_cluster_name_is_unique", "cluster_class_name_is_unique",
            "cluster_name_is_unique_in_its_tenant", "cluster_slug_is_unique",
            "environment_name_is_unique_in_its_tenant", "trust_name_is_unique_in_its_tenant",
            "forge_name_is_unique", "source_name_is_unique_in_its_tenant",
            "entity_name_is_unique", "service_name_is_unique_in_its_tenant",
            "binding_name_is_unique_in_its_service", "location_is_registered_once",
            "scorecard_name_is_unique":
            .nameTaken
        case "management_cluster_has_one_default": .defaultTaken
        case "source_repository_is_its_own_in_a_tenant": .repositoryTaken
        case "receipt_key_is_used_once": .keyInProgress
        default: nil
        }
    }

    /// Tells the two sides of a reference apart as far as the name of the constraint does.
    ///
    /// PostgreSQL names the same one for a row that refers to nothing and for one that is still
    /// referred to.
    private static func meaning(ofForeignKey constraint: String) -> StorageFault {
        switch constraint {
        case "tenant_leaves_nothing_behind", "tenant_leaves_no_clusters_behind",
            "tenant_leaves_no_environments_behind", "tenant_leaves_no_services_behind",
            "service_leaves_no_bindings_behind", "forge_leaves_no_sources_behind",
            "forge_leaves_no_repositories_behind",
            "tenant_leaves_no_forge_repository_behind", "tenant_leaves_no_forge_reader_behind":
            .inUse
        default: .missingReference
        }
    }
}

/// Runs a database call and says what its fault means.
func translating<Value>(
    _ body: () async throws(DatabaseFault) -> Value
) async throws(StorageFault) -> Value {
    do throws(DatabaseFault) {
        return try await body()
    } catch {
        throw StorageFault(error)
    }
}

/// Runs statements that belong together and says what their fault means.
///
/// The body may throw `StorageFault`, `DatabaseFault` and `DocumentFault`.
func together<Value: Sendable>(
    _ database: Database,
    _ body: (Transaction) async throws -> Value
) async throws(StorageFault) -> Value {
    do {
        return try await database.transaction(body)
    } catch let fault as StorageFault {
        throw fault
    } catch let fault as DatabaseFault {
        throw StorageFault(fault)
    } catch let fault as DocumentFault {
        throw .unreadable(fault.description)
    } catch {
        // A task that is cancelled while it waits for a session.
        throw .database(.unavailable(retryAfter: .seconds(1)))
    }
}
