import Domain
import Storage

extension Problem {
    /// What Storage refused of a forge or a source.
    init(sourcing fault: StorageFault) {
        switch fault {
        case .forgesExhausted:
            self.init(
                .quotaExceeded,
                "There are \(Forge.countMax) forges already. Delete one."
            )
        case .sourcesExhausted:
            self.init(
                .quotaExceeded,
                "The tenant has \(Source.countMax) sources already, or "
                    + "\(Source.ofRepositoryMax) of this repository. Delete one."
            )
        case .repositoryTaken:
            self.init(
                .stateConflict,
                "Another source of the tenant is about this service of the repository. Change that "
                    + "one, delete it first, or name another `service`."
            )
        default: self = .internalError
        }
    }
}
