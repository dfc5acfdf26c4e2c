import Domain
import JSON

/// What the containers of a played pod have said: `pods/NAME/log`.
struct PodLog {
    /// One line and when it was said.
    private struct Line {
        let time: Instant
        let text: String
    }

    private let pod: SandboxObject
    private let query: APIQuery
    private let now: Instant

    init(of pod: SandboxObject, _ query: APIQuery, at now: Instant) {
        self.pod = pod
        self.query = query
        self.now = now
    }

    /// The lines that are asked for; with `follow` no others come.
    func answer() throws(SandboxStatus) -> SandboxAnswer {
        let name = try container()
        // Nobody knows of a pod that has no node yet.
        guard pod.spec["nodeName"] != nil else { return SandboxAnswer(200, text: "") }
        let all = try lines(of: name)
        var lines = try since().map { start in all.filter { $0.time >= start } } ?? all
        if let tail = try number("tailLines") { lines = lines.suffix(tail) }
        let isDated = query.isSet("timestamps")
        var text = lines.map { (isDated ? "\($0.time.kubernetesText) " : "") + $0.text + "\n" }
            .joined()
        if let limit = try number("limitBytes") {
            text = String(decoding: text.utf8.prefix(limit), as: UTF8.self)
        }
        return SandboxAnswer(200, text: text)
    }

    /// The container that is meant.
    private func container() throws(SandboxStatus) -> String {
        let names = ["containers", "initContainers"].flatMap { field in
            (pod.spec[field]?.array ?? []).compactMap { $0["name"]?.string }
        }
        if let wanted = query["container"] {
            guard names.contains(wanted) else {
                throw refusal("container \(wanted) is not valid for pod \(pod.name)")
            }
            return wanted
        }
        let first = (pod.spec["containers"]?.array ?? []).compactMap { $0["name"]?.string }
        guard let only = first.first, first.count == 1 else {
            let choice = first.joined(separator: " ")
            throw refusal(
                "a container name must be specified for pod \(pod.name), choose one of: [\(choice)]"
            )
        }
        return only
    }

    private func lines(of name: String) throws(SandboxStatus) -> [Line] {
        let statuses = pod.status["containerStatuses"]?.array ?? []
        let status = statuses.first { $0["name"]?.string == name }
        let last = status?["lastState"]?["terminated"]
        if query.isSet("previous") {
            guard let last else {
                let place = "container \"\(name)\" in pod \"\(pod.name)\""
                throw refusal("previous terminated \(place) not found")
            }
            return ended(name, last)
        }
        let state = status?["state"]
        if let running = state?["running"]?.object {
            return started(name, running.moment("startedAt")) + serving(name)
        }
        if let over = state?["terminated"] { return ended(name, over) }
        // As with a kubelet: between two attempts the last one is shown.
        if let last { return ended(name, last) }
        let reason = state?["waiting"]?["reason"]?.string ?? "ContainerCreating"
        let isPulling = reason == "ImagePullBackOff"
        throw refusal(
            "container \"\(name)\" in pod \"\(pod.name)\" is waiting to start: "
                + (isPulling ? "trying and failing to pull image" : reason)
        )
    }

    // MARK: What they say

    private func started(_ name: String, _ time: Instant?) -> [Line] {
        let time = time ?? pod.creationTime ?? now
        let image = part(name)?["image"]?.string ?? ""
        return [
            Line(time: time, text: "slipway sandbox: played, nothing runs here"),
            Line(time: time, text: "started \(name) from \(image)"),
        ]
    }

    private func serving(_ name: String) -> [Line] {
        let ready = pod.condition("Ready")
        let time = ready?.moment("lastTransitionTime") ?? now
        var lines = (part(name)?["ports"]?.array ?? []).compactMap { port in
            port["containerPort"]?.int.map { Line(time: time, text: "listening on port \($0)") }
        }
        let isReady = ready?["status"] == "True"
        let why = ready?["message"]?.string ?? ""
        lines.append(Line(time: time, text: isReady ? "ready" : "not ready: \(why)"))
        return lines
    }

    private func ended(_ name: String, _ state: JSON) -> [Line] {
        let start = state.object?.moment("startedAt")
        let end = state.object?.moment("finishedAt") ?? start ?? pod.creationTime ?? now
        let code = state["exitCode"]?.int ?? 0
        let text = code == 0 ? "done" : "fatal: \(state["message"]?.string ?? "exit code \(code)")"
        return started(name, start) + [Line(time: end, text: text)]
    }

    private func part(_ name: String) -> JSON? {
        ((pod.spec["containers"]?.array ?? []) + (pod.spec["initContainers"]?.array ?? []))
            .first { $0["name"]?.string == name }
    }

    // MARK: What is asked for

    private func since() throws(SandboxStatus) -> Instant? {
        if let seconds = try number("sinceSeconds") {
            return now.advanced(by: .zero - .seconds(min(seconds, 1_000_000_000)))
        }
        guard let text = query["sinceTime"] else { return nil }
        // What is no time is refused below.
        guard let time = try? Instant(parsing: text) else {
            throw refusal("sinceTime: \(text) is not a time in RFC 3339")
        }
        return time
    }

    private func number(_ name: String) throws(SandboxStatus) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw refusal("\(name): \(text) must be a number that is not negative")
        }
        return number
    }

    private func refusal(_ reason: String) -> SandboxStatus { SandboxStatus(.badRequest, reason) }
}
