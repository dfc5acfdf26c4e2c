import Domain
import Drivers
import JSON

extension ReadinessRules {
    /// By what an offering says of the object's kind: all of it must hold, and what has failed ends
    /// the wait whatever else there is to wait for.
    static func byRules(_ rules: [ReadinessRule], _ object: SeenObject) -> ObjectReadiness {
        let results = rules.map { result(of: $0.test, object) }
        return results.first { $0.state == .failed } ?? results.first { $0.state == .waiting }
            ?? .ready("It is as its offering wants it.")
    }

    private static func result(
        of test: ReadinessRule.Test,
        _ object: SeenObject
    ) -> ObjectReadiness {
        switch test {
        case .condition(let type):
            guard let told = object.condition(type) else {
                return .waiting("NotReady", "Nobody has said yet whether it is \(type).")
            }
            if told.isTrue { return .ready(told.message) }
            let reason = told.reason.isEmpty ? "NotReady" : told.reason
            let usual = "\(type) is \(told.status.rawValue)."
            return .waiting(reason, told.message.isEmpty ? usual : told.message)
        case .field(let pointer, let wanted, let failed):
            guard let value = JSON.object(object.json).value(at: pointer) else {
                return .waiting("NotReady", "\(pointer) is not there yet.")
            }
            if failed.contains(value) {
                return .failed(
                    "Failed",
                    "\(pointer) is \(value.text).",
                    releasedBy: "whoever changes what was ordered, or mends what it runs on"
                )
            }
            return wanted.contains(value)
                ? .ready("\(pointer) is \(value.text).")
                : .waiting("NotReady", "\(pointer) is \(value.text).")
        }
    }
}
