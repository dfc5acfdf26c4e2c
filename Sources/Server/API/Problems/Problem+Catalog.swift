import Catalog
import JSON
import Scorecards
import Storage

extension Problem {
    /// What is wrong with a descriptor, at once.
    init(_ faults: EntityFaults) {
        self.init(
            invalid: faults.entries.map {
                Fault(.body($0.pointer), code: $0.code, detail: $0.detail)
            }
        )
    }

    /// What Storage has no room for.
    init(cataloging fault: StorageFault) {
        switch fault {
        case .catalogExhausted:
            self.init(
                .quotaExceeded,
                "There are \(CatalogEntity.countMax) entities already, or "
                    + "\(CatalogEntity.bytesMax >> 20) MiB of them. Delete some."
            )
        case .locationsExhausted:
            self.init(
                .quotaExceeded,
                "There are \(CatalogLocation.countMax) locations already. Delete one."
            )
        case .scorecardsExhausted:
            self.init(
                .quotaExceeded,
                "There are \(OwnScorecard.countMax) scorecards already. Delete one."
            )
        default: self = .internalError
        }
    }

    /// Why the catalog does not take a change.
    init(_ refusal: CatalogRefusal) {
        switch refusal {
        case .foreignNamespace:
            self.init(
                invalid: [
                    Fault(
                        .body(JSONPointer(["metadata", "namespace"])),
                        code: "foreign-namespace",
                        detail: "Your entities stand in the namespace that is called like your "
                            + "tenant; write that one here and in the path."
                    )
                ]
            )
        case .isPlatforms:
            self.init(
                .stateConflict,
                "The entity belongs to the platform. Ask a platform-admin to change it."
            )
        case .isHeld(let location):
            self.init(
                .stateConflict,
                "The entity comes from \(location). Change it there, or remove the location first."
            )
        }
    }
}
