import Contract
import Domain
import Secrets
import Storage

extension StoredEnvironments {
    func wake(_ environment: Domain.Environment) async throws(ProviderFault) -> Wait? {
        let now = Moment.now()
        var random = SecureRandom()
        let decision: Domain.Environment.Decision?
        do throws(EnvironmentRefusal) {
            decision = try environment.wake(on: Occasion(at: now, using: &random))
        } catch {
            return Wait(
                on: "environment \(environment.name) to wake; it may not be woken now",
                releasedBy: "whoever resumes it"
            )
        }
        guard let decision else { return nil }
        do throws(StorageFault) {
            _ = try await clusters.storage.environments.store(
                decision,
                permission: .updateEnvironment,
                replacing: environment.revision,
                in: zones,
                for: .system("wakeEnvironment", requestID: "job", at: now)
            )
            return nil
        } catch .stale, .notFound {
            return nil  // It has changed meanwhile; the next look decides anew.
        } catch .environmentRefused(.overQuota(let standings)) {
            let names = standings.map { "\($0.name), which allows \($0.limit)" }
            return Wait(
                on: "room to wake environment \(environment.name) within "
                    + names.joined(separator: " and "),
                releasedBy: standings.first.map { "whoever heeds this: \($0.remedy)" }
            )
        } catch {
            throw error.providerFault
        }
    }
}
