import API
import Domain
import EventLoop
import Jobs
import Postgres
import Storage
import Synchronization

/// What `/readyz` asks of this process.
final class Readiness: Sendable {
    private let isDraining = Atomic<Bool>(false)

    /// From now on the process says that requests should go elsewhere.
    func beginDraining() {
        isDraining.store(true, ordering: .relaxed)
    }

    /// One probe for each thing that must work.
    func probes(of services: Services, engine: JobEngine?) -> [ReadinessProbe] {
        let expected = EmbeddedFiles.migrations.map(\.number).max() ?? 0
        var probes = [
            ReadinessProbe("drain") { [self] in
                isDraining.load(ordering: .relaxed) ? "the process is stopping" : nil
            },
            ReadinessProbe("database") {
                do {
                    _ = try await Migrator.newest(in: services.database)
                    return nil
                } catch {
                    return "PostgreSQL does not answer"
                }
            },
            ReadinessProbe("migrations") {
                // A database that is away is the other probe's to tell.
                guard let newest = try? await Migrator.newest(in: services.database) else {
                    return "unknown while PostgreSQL does not answer"
                }
                return newest >= expected ? nil : "the database is at \(newest) of \(expected)"
            },
        ]
        if let engine {
            probes.append(
                ReadinessProbe("workers") {
                    engine.isWorking ? nil : "the worker is not known to the database"
                }
            )
        }
        probes.append(
            ReadinessProbe("management-clusters", isVital: false) {
                await Self.managementTrouble(services.storage)
            }
        )
        probes.append(
            ReadinessProbe("environment-expiry", isVital: false) {
                await Self.expiryPause(services.storage)
            }
        )
        return probes
    }

    /// That no environment ends by itself for now, and why.
    private static func expiryPause(_ storage: Storage) async -> String? {
        do throws(StorageFault) {
            let pause = try await storage.environments.expiryPause()
            guard let pause, pause.holds(at: Moment.now()) else { return nil }
            let end = pause.until.map { "until \($0)" } ?? "until somebody resumes it"
            return "paused by \(pause.by) \(end): \(pause.reason)"
        } catch {
            return "unknown while PostgreSQL does not answer"
        }
    }

    /// How many management clusters cannot be used; everything else goes on without them.
    private static func managementTrouble(_ storage: Storage) async -> String? {
        do {
            let all = try await storage.managementClusters.all()
            let troubled = try all.filter { stored in
                let phase = try stored.management().status.phase
                return phase == .unreachable || phase == .degraded
            }
            guard !troubled.isEmpty else { return nil }
            return "\(troubled.count) of \(all.count) lack something; "
                + "GET /v1/management-clusters says what"
        } catch {
            return "unknown while PostgreSQL does not answer"
        }
    }
}
