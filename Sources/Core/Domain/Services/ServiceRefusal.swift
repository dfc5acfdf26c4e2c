/// Why a wish about a service or a binding is refused, whoever asks.
package enum ServiceRefusal: Error, Equatable, Sendable {
    /// It is being deleted; nothing about it changes any more.
    case isDeleting
    /// The tenant is being deleted; it gets nothing more.
    case tenantIsDeleting
    /// The service is protected; `spec.deleteProtection` must be taken back first.
    case isProtected
    /// It was ordered for an environment that depends on it.
    case isNeeded(by: EnvironmentName)
    /// Bindings are left; which.
    case isBound([BindingName])
    /// The service is paused: what is there stays as it is until `spec.paused` is taken back.
    case isPaused
    /// The offering cannot be bound.
    case cannotBeBound(OfferingName)
    /// As many bindings as a service may have.
    case tooManyBindings(limit: Int)
    /// The consumer has a Secret of that name through another binding; which.
    case secretTaken(SecretHolder)
    /// As many credentials as may wait for their end.
    case tooManyCredentials(limit: Int)
    /// There is no newer version that the service can go to; why, as a sentence.
    case hasNothingNewer(String)
    /// The order cannot be met; everything that is wrong with it.
    case invalid([ServiceFault])
    /// The tenant would have more than it may; every limit that is in the way.
    case overQuota([QuotaStanding])
}

/// A binding through which a consumer has a Secret already.
package struct SecretHolder: Sendable, Equatable {
    /// The name of its service.
    package var service: ServiceInstanceName
    /// The name of the binding.
    package var binding: BindingName
    /// The name of the Secret.
    package var secret: String
    /// Whether it is on its way out, and the Secret with it.
    package var isRevoking: Bool

    /// That binding.
    package init(
        service: ServiceInstanceName,
        binding: BindingName,
        secret: String,
        isRevoking: Bool
    ) {
        self.service = service
        self.binding = binding
        self.secret = secret
        self.isRevoking = isRevoking
    }
}

/// One thing that is wrong with an order, and where: the same for whatever is ordered.
package typealias ServiceFault = ClusterFault
