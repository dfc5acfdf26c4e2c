package import JSON

/// What a platform asked for through Open Service Broker, under the ids that it chose.
package struct BrokerEntry: Sendable, Equatable {
    /// What was asked for last.
    package enum Operation: String, Sendable, CaseIterable {
        case provision, update, deprovision, bind, unbind
    }

    /// The most characters of an id.
    package static let idLengthMax = 255
    /// The most characters of who asked.
    package static let originatorLengthMax = 2_000

    /// The platform's id of the instance.
    package var instance: String
    /// The platform's id of the binding; empty for the instance itself.
    package var binding: String
    /// The tenant.
    package var tenant: TenantID
    /// The service, or the binding.
    package var subject: ID<ObjectReference>
    /// What was asked for, by which a repeated call is told from another one.
    package var request: JSON
    /// Who asked on the platform, as it says; nil where it does not.
    package var originator: String?
    /// What was asked for last.
    package var operation: Operation
    /// The job that does it; nil where none was needed.
    package var job: JobID?

    /// An entry of those parts.
    package init(
        instance: String,
        binding: String = "",
        tenant: TenantID,
        subject: ID<ObjectReference>,
        request: JSON,
        originator: String?,
        operation: Operation,
        job: JobID?
    ) {
        self.instance = instance
        self.binding = binding
        self.tenant = tenant
        self.subject = subject
        self.request = request
        self.originator = originator
        self.operation = operation
        self.job = job
    }
}
