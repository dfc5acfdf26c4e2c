import Domain

/// How long played things take: a virtual cluster some two seconds, a full one some four.
package struct SandboxPace: Sendable {
    /// How many times faster than usual; 0.1 is ten times slower.
    package let speed: Double

    /// A pace that many times faster than usual.
    ///
    /// - Parameter speed: more than 0.
    package init(speed: Double = 1) {
        precondition(speed > 0, "the sandbox's speed is more than 0")
        self.speed = speed
    }

    /// How long something takes that takes `milliseconds` at the usual speed.
    func of(_ milliseconds: Int) -> Duration { .milliseconds(milliseconds) / speed }

    /// The pace of what a fault slows down: ten times slower.
    var slowed: SandboxPace { SandboxPace(speed: speed / 10) }

    /// How long the parts of the played world take at the usual speed, in milliseconds.
    enum Step {
        /// A pod finds its node.
        static let scheduling = 200
        /// A pod's containers run.
        static let starting = 900
        /// A Job's pod has done its work.
        static let working = 1_800
        /// An operator has made what is ordered.
        static let operating = 1_200
        /// A volume is there.
        static let binding = 300
        /// Network, load balancer and all that is around machines.
        static let infrastructure = 1_000
        /// A machine is ordered, there, and a node.
        static let machineOrdered = 200
        static let machineThere = 600
        static let machineRunning = 1_000
        /// A control plane that the vendor runs.
        static let managedControlPlane = 1_500
        /// Something of Cluster API goes.
        static let deleting = 1_000
        /// A chart is installed or taken away.
        static let chart = 300
        /// How soon to look again for what nobody tells of.
        static let looking = 1_000
        /// How soon to look again for what hardly ever changes untold.
        static let watching = 60_000
    }
}
