package import Domain
package import Drivers

/// What the platform chooses once for all virtual clusters.
package struct VClusterSettings: Sendable, Hashable {
    /// The chart that Slipway was made for; the values are those of its schema.
    package static let chartVersion = "0.36.1"
    /// Where the chart is published.
    package static let chartRepository = "https://charts.loft.sh"
    /// The name of the chart.
    package static let chart = "vcluster"
    /// The size of the volume that holds the state.
    package static let volumeSize = "5Gi"

    /// The chart's version.
    package var chartVersion: String
    /// Where the chart comes from.
    package var chartRepository: String

    /// Settings of these parts; the defaults are what Slipway was made for.
    package init(
        chartVersion: String = Self.chartVersion,
        chartRepository: String = Self.chartRepository
    ) {
        self.chartVersion = chartVersion
        self.chartRepository = chartRepository
    }

    /// What the virtual cluster itself needs of the namespace: the control plane as the chart asks
    /// for it (200m and 256Mi, at most 4Gi), its DNS, and room to replace one of them.
    package func share(of wish: ClusterWish) -> NamespaceFence.Share {
        NamespaceFence.Share(
            cpu: Quantity(thousandths: 500),
            memory: Quantity(thousandths: 1_000 << 29),
            memoryLimit: Quantity(thousandths: 5_000 << 30),
            storage: Quantity(thousandths: 5_000 << 30),
            pods: 4,
            loadBalancers: wish.cluster.spec.exposure == .loadBalancer ? 1 : 0
        )
    }
}
