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
    /// As many credentials as may wait for their end.
    case tooManyCredentials(limit: Int)
    /// There is no newer version that the service can go to; why, as a sentence.
    case hasNothingNewer(String)
    /// The order cannot be met; everything that is wrong with it.
    case invalid([ServiceFault])
    /// The tenant would have more than it may; every limit that is in the way.
    case overQuota([QuotaStanding])
}

/// One thing that is wrong with an order, and where: the same for whatever is ordered.
package typealias ServiceFault = ClusterFault
