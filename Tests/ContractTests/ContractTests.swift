import Contract
import Domain
import JSON
import Synchronization
import TestSupport
import Testing

struct ContractTests {
    private static let job = JobID(high: 1, low: 2)
    private static let subject = ObjectReference(kind: .tenant, id: nil, name: "acme")

    private func trial(
        _ world: Tally,
        _ effect: @escaping @Sendable (Tally) -> Void
    ) -> WorkflowTrial<Int> {
        WorkflowTrial(
            Workflow(
                JobKind("echo"),
                steps: [
                    NamedStep("count") { _ in
                        effect(world)
                        return .done
                    }
                ]
            ),
            job: Self.job,
            subject: Self.subject,
            tenant: nil
        ) { world.value }
    }

    @Test func `a step that makes its effect once passes`() async throws {
        let world = Tally()
        let faults = try await trial(world) { $0.set(1) }.faults()
        #expect(faults.isEmpty)
    }

    @Test func `a step that makes its effect again is caught`() async throws {
        let world = Tally()
        let faults = try await trial(world) { $0.set($0.value + 1) }.faults()
        #expect(faults == ["count run twice looks different from once"])
    }

    @Test func `a step that does not get on is caught`() async throws {
        let workflow = Workflow(
            JobKind("stuck"),
            steps: [NamedStep("stop") { _ in .stalled(reason: "no") }]
        )
        let trial = WorkflowTrial(
            workflow,
            job: Self.job,
            subject: Self.subject,
            tenant: nil
        ) { 0 }
        #expect(try await trial.faults().count == 1)
    }

    @Test func `the next step is the first that is not done`() {
        let steps = ["one", "two", "three"].map { NamedStep($0) { _ in .done } }
        let workflow = Workflow(JobKind("three"), steps: steps)
        #expect(workflow.step(after: [])?.name == "one")
        #expect(workflow.step(after: ["one", "three"])?.name == "two")
        #expect(workflow.step(after: ["one", "two", "three"]) == nil)
    }

    @Test func `a fault says who acts next`() {
        #expect(
            ProviderFault.transient(retryAfter: .seconds(1), reason: "busy").outcome
                == .transient(retryAfter: .seconds(1), reason: "busy")
        )
        #expect(ProviderFault.refused(reason: "no").outcome == .stalled(reason: "no"))
    }

    @Test func `steps without names of their own are refused`() async {
        await #expect(processExitsWith: .failure) {
            let step = NamedStep("same") { _ in .done }
            _ = Workflow(JobKind("double"), steps: [step, step])
        }
    }
}

/// A number that a test's steps change.
final class Tally: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func set(_ value: Int) { number.withLock { $0 = value } }
}
