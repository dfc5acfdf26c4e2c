package import JSON

/// How many services a tenant may have at once; set by the platform, not by the tenant.
package struct ServiceQuotas: Sendable, Hashable {
    /// All together.
    package var total: Int
    /// Of one offering.
    package var perOffering: Int

    /// Those numbers; the defaults suit a team with a handful of programs.
    package init(total: Int = 100, perOffering: Int = 50) {
        self.total = total
        self.perOffering = perOffering
    }

    /// Writes the quotas as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("total", total)
            writer.member("perOffering", perOffering)
        }
    }

    /// Reads what `write` wrote; what is missing is as usual.
    package init(reading document: JSON?) {
        let usual = ServiceQuotas()
        self.init(
            total: document?["total"]?.int ?? usual.total,
            perOffering: document?["perOffering"]?.int ?? usual.perOffering
        )
    }
}

/// What a service counts for in the quotas of its tenant.
package struct ServiceFigures: Sendable, Hashable {
    /// The service.
    package var id: ServiceInstanceID
    /// Its name.
    package var name: ServiceInstanceName
    /// Its offering.
    package var offering: OfferingName
    /// Whether it is on its way out.
    package var isDeleting: Bool

    /// A service that counts for so much.
    package init(
        id: ServiceInstanceID,
        name: ServiceInstanceName,
        offering: OfferingName,
        isDeleting: Bool
    ) {
        self.id = id
        self.name = name
        self.offering = offering
        self.isDeleting = isDeleting
    }
}

extension ServiceInstance {
    /// What the service counts for in the quotas of its tenant.
    package var figures: ServiceFigures {
        ServiceFigures(
            id: id,
            name: name,
            offering: spec.offering,
            isDeleting: status.phase == .deleting
        )
    }
}

/// Every service that a tenant has, against which quotas are judged.
package struct ServiceUsage: Sendable, Hashable {
    /// The most names that a remedy lists.
    private static let namesMax = 5

    /// The services, those on their way out included: they are there until they are gone.
    package var services: [ServiceFigures]

    /// A tenant with those services.
    package init(_ services: [ServiceFigures]) {
        self.services = services
    }

    /// Every limit that another service of that offering touches.
    package func standings(
        withAnother offering: OfferingName,
        quotas: ServiceQuotas
    ) -> [QuotaStanding] {
        [
            standing("services.total", quotas.total) { _ in true },
            standing("services.perOffering", quotas.perOffering) { $0.offering == offering },
        ]
    }

    private func standing(
        _ name: String,
        _ limit: Int,
        where condition: (ServiceFigures) -> Bool
    ) -> QuotaStanding {
        let counted = services.filter(condition)
        let names = counted.filter { !$0.isDeleting }.map(\.name).sorted()
        let shown = names.prefix(Self.namesMax).map(\.text).joined(separator: ", ")
        let rest = names.count > Self.namesMax ? " or another" : ""
        return QuotaStanding(
            name: name,
            used: counted.count,
            after: counted.count + 1,
            limit: limit,
            remedy: names.isEmpty
                ? "Ask the platform's admins for more."
                : "Delete one of \(shown)\(rest), or ask the platform's admins for more."
        )
    }
}
