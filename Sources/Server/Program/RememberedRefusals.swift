import Catalog
import Contract
import Domain
import Storage

/// Which repositories were too large, so that not each look fetches them to find out again.
struct RememberedRefusals {
    /// A copy that would be made of a repository.
    struct Copy {
        /// Its name.
        let name: String
        /// The page of the repository, for people.
        let page: String
        /// The address of the repository as locations name it.
        let repository: String
        /// For whom; nil for the platform.
        let tenant: TenantID?
    }

    let store: LocationStore

    /// Fetches a repository unless it was too large a short time ago.
    ///
    /// Where somebody waits it is tried in any case, and that it is too large is not remembered: it
    /// may be nobody's location. What could be fetched is as if nothing had been wrong with it.
    ///
    /// - Throws: what `fetch` throws, or `.refused` where it is not tried.
    func fetching(
        _ copy: Copy,
        isAsked: Bool,
        _ fetch: () async throws(Failure) -> Void
    ) async throws(ProviderFault) {
        var earlier: RepositoryRefusal?
        if !isAsked {
            earlier = try await asking { () async throws(StorageFault) in
                try await store.refusal(of: copy.name)
            }
        }
        if let earlier, !earlier.isOver {
            throw .refused(
                reason: "\(copy.page) had more than \(CatalogLocation.copyBytesMax >> 20) MiB when "
                    + "it was fetched last, and is fetched again after \(earlier.until): make it "
                    + "smaller, and refresh the location"
            )
        }
        do throws(Failure) {
            try await fetch()
        } catch {
            if error.isOfTheRepository, !isAsked {
                try await asking { () async throws(StorageFault) in
                    try await store.refuse(copy.name, of: copy.repository, for: copy.tenant)
                }
            }
            throw error.fault
        }
        guard earlier != nil || isAsked else { return }
        try await asking { () async throws(StorageFault) in try await store.allow(copy.name) }
    }

    /// Why a repository was not fetched.
    struct Failure: Error {
        /// Who acts next.
        let fault: ProviderFault
        /// Whether the repository itself has too many bytes.
        let isOfTheRepository: Bool
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch { throw error.providerFault }
    }
}
