import Blueprints
import Contract
import Git

extension ProviderFault {
    /// Who acts next after a Git fault.
    init(_ fault: GitFault) {
        self =
            switch fault {
            case .busy: .busy(reason: "whoever changes the repository just now to be done")
            case .moved, .timedOut, .remote, .denied, .failed:
                .transient(reason: fault.sentence)
            case .notFound, .exists, .refused, .tooLarge, .conflicts, .malformed:
                .refused(reason: fault.sentence)
            }
    }

    /// A blueprint that cannot be rendered: everything that is wrong with it at once.
    init(_ fault: RenderFault) {
        self = .refused(reason: "the blueprint cannot be rendered:\n\(fault.description)")
    }
}

/// Runs Git work and says who acts next when it fails.
func asking<Value>(
    _ body: () async throws(GitFault) -> Value
) async throws(ProviderFault) -> Value {
    do throws(GitFault) {
        return try await body()
    } catch {
        throw ProviderFault(error)
    }
}
