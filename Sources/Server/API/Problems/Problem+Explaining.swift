import Blueprints
import Catalog
import Domain
import Git
import HTTP
import JSON
import Storage

extension Problem {
    /// What the caller is told about an error of any layer: the one place where faults become
    /// problems.
    init(explaining error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let fault as StorageFault: self.init(fault)
        case let refusal as TenantRefusal: self.init(refusal)
        case let refusal as ClusterRefusal: self.init(refusal)
        case let refusal as EnvironmentRefusal: self.init(refusal)
        case let refusal as ServiceRefusal: self.init(refusal)
        case let refusal as CatalogRefusal: self.init(refusal)
        case let refusal as LocationRefusal: self.init(.invalidInput, refusal.reason)
        case let fault as ClusterAccessFault: self.init(fault)
        case let fault as BodyFault: self.init(reading: fault)
        case let fault as GitFault: self.init(fault)
        case is CancellationError:
            // The client is gone, or the server ends; nobody else is told anything by this.
            self.init(.unavailable, "The request was broken off. Send it again.", retryAfter: 1)
        default: self = .internalError
        }
    }

    static let internalError = Problem(
        .internalError,
        "Something went wrong inside Slipway. Send the request again; if it fails again, tell the "
            + "operators the request id."
    )

    static let invalidPath = Problem(
        .invalidPath,
        "Encode each segment of the path once, and send no `.` or `..`."
    )

    private init(_ fault: StorageFault) {
        switch fault {
        case .notFound: self = .notFound
        case .stale(let current):
            self.init(
                .preconditionFailed,
                "The resource is at revision \(current) now. Get it again and send its new ETag."
            )
        case .nameTaken:
            self.init(
                .nameTaken,
                "A resource of this name exists. Choose another name, or use PUT."
            )
        case .inUse:
            self.init(.inUse, "Something still refers to it. Remove that first.")
        case .missingReference:
            self.init(
                .invalidInput,
                "Something that the body refers to does not exist (any more)."
            )
        case .defaultTaken:
            self.init(
                .stateConflict,
                "Another management cluster is the default. Set its `spec.default` to false first."
            )
        case .refused(let refusal): self.init(refusal)
        case .environmentRefused(let refusal): self.init(refusal)
        case .serviceRefused(let refusal): self.init(refusal)
        case .forgesExhausted, .sourcesExhausted, .repositoryTaken: self.init(sourcing: fault)
        case .catalogExhausted, .locationsExhausted, .scorecardsExhausted:
            self.init(cataloging: fault)
        case .trustsExhausted, .tokensExhausted, .alreadyExchanged: self.init(trusting: fault)
        case .keyReused:
            self.init(
                .idempotencyKeyReused,
                "The Idempotency-Key was used with another payload. Make a new key."
            )
        case .keyInProgress:
            self.init(
                .idempotencyConflict,
                "The first request with this Idempotency-Key is still being answered. Send it "
                    + "again in a moment.",
                retryAfter: 1
            )
        case .positionTooOld(let oldest):
            self.init(
                .positionGone,
                "Older events were deleted; the oldest that is left is at \(oldest). Get the "
                    + "resources that you follow anew, then read on without `after`."
            )
        case .positionUnknown(let newest):
            self.init(
                .positionGone,
                "The newest event is at \(newest): the log was set back, such as by a restore. "
                    + "Get the resources that you follow anew, then read on after \(newest)."
            )
        case .unreadable: self = .internalError
        case .database: self.init(fault.outage ?? .broken)
        }
    }

    private init(_ outage: Outage) {
        switch outage {
        case .unavailable(let wait):
            self.init(
                .unavailable,
                "The database cannot be reached. Send the request again.",
                retryAfter: Self.seconds(wait)
            )
        case .overloaded(let wait):
            self.init(
                .overloaded,
                "Too much work is waiting. Send the request again.",
                retryAfter: Self.seconds(wait)
            )
        case .diskFull:
            self.init(
                .diskFull,
                "The disk of the database is full. Send the request again when there is room.",
                retryAfter: 10
            )
        case .outcomeUnknown:
            self.init(
                .outcomeUnknown,
                "Whether it was done is not known. Send it again with the same Idempotency-Key.",
                retryAfter: 1
            )
        case .timedOut:
            self.init(
                .timedOut,
                "The database took too long. Send the request again.",
                retryAfter: 1
            )
        case .refused:
            self.init(
                .unavailable,
                "The database cannot take the change now. Send it again.",
                retryAfter: 1
            )
        case .broken: self = .internalError
        }
    }

    private init(_ refusal: TenantRefusal) {
        switch refusal {
        case .isDeleting:
            self.init(
                .stateConflict,
                "The tenant is being deleted; nothing about it changes any more."
            )
        case .isProtected:
            self.init(
                .deleteProtected,
                "Set `spec.deleteProtection` to false first."
            )
        case .repositoryIsFixed:
            self.init(
                .invalidInput,
                "A tenant's repository stays where it was made.",
                faults: [
                    Fault(
                        .body(JSONPointer(["spec", "repository"])),
                        code: "fixed",
                        detail: "Forge, owner and name are chosen when the tenant is made."
                    )
                ]
            )
        case .isolationIsFixed:
            self.init(
                .invalidInput,
                "A tenant's isolation says what was made with it; add or delete clusters instead.",
                faults: [
                    Fault(
                        .body(JSONPointer(["spec", "isolation"])),
                        code: "fixed",
                        detail: "Add a cluster with POST …/clusters, or delete the one that is "
                            + "there; the isolation of a tenant cannot be changed."
                    )
                ]
            )
        case .blueprintIsFixed:
            self.init(
                .invalidInput,
                "A tenant stays with its blueprint; only the version may change.",
                faults: [
                    Fault(
                        .body(JSONPointer(["spec", "blueprint"])),
                        code: "fixed",
                        detail: "The blueprint of a tenant cannot be changed."
                    )
                ]
            )
        }
    }

    private init(_ fault: GitFault) {
        switch fault {
        case .notFound: self = .notFound
        case .refused:
            self.init(.invalidInput, "The repository cannot be used so: \(fault.sentence).")
        case .malformed(let sentence):
            self.init(.malformedRequest, "Git cannot read the request: \(sentence).")
        case .tooLarge(let sentence):
            self.init(.bodyTooLarge, "Git takes less at once: \(sentence).")
        case .remote(let sentence), .denied(let sentence):
            self.init(.requestTimeout, "The body did not arrive: \(sentence).")
        case .timedOut:
            self.init(.timedOut, "Git took too long. Send the request again.", retryAfter: 2)
        case .busy:
            self.init(
                .overloaded,
                "Too many repositories are being worked on. Send it again.",
                retryAfter: 2
            )
        default: self = .internalError
        }
    }

    /// Whole seconds, at least one.
    static func seconds(_ duration: Duration) -> Int {
        let parts = duration.components
        return max(1, Int(parts.seconds) + (parts.attoseconds > 0 ? 1 : 0))
    }
}

extension Problem {
    /// What the HTTP layer refused before a handler saw it.
    init(refusing fault: RequestFault) {
        let kind: ProblemKind =
            switch fault {
            case .malformed: .malformedRequest
            case .headTooLarge: .headTooLarge
            case .targetTooLong: .targetTooLong
            case .bodyTooLarge: .bodyTooLarge
            case .headTimedOut: .requestTimeout
            case .unknownExpectation: .expectationFailed
            case .unknownTransferCoding: .notImplemented
            case .unsupportedVersion: .versionNotSupported
            case .tooManyConnections: .overloaded
            case .unknownMethod: .notImplemented
            }
        self.init(kind, fault.detail, retryAfter: kind == .overloaded ? 1 : nil)
    }
}
