import Domain
import JSON
import YAML

/// Labels and taints that nodes get when they join, written where a kind of object keeps them.
struct NodeMarks {
    let labels: [(key: String, value: String)]
    let taints: [NodeTaint]

    init(_ pool: NodePool) {
        labels = pool.labels.pairs.map { ($0.key.description, $0.value.description) }
        taints = pool.taints
    }

    var isEmpty: Bool { labels.isEmpty && taints.isEmpty }

    /// Writes the marks into the provider's own pool; false where it has no place for them.
    func write(_ marks: MachineShape.Marks, into json: inout JSON) -> Bool {
        switch marks {
        case .none:
            return false
        case .members(let labelPath, let taintPath, let isKebab):
            merge(labelPath, into: &json)
            // Providers ask for a value even where there is none.
            append(taints.map { full($0, isKebab: isKebab) }, at: taintPath, to: &json)
            return true
        case .texts(let labelPath, let taintPath):
            merge(labelPath, into: &json)
            append(taintTexts.map { .string($0) }, at: taintPath, to: &json)
            return true
        case .pairs(let labelPath, let taintPath):
            append(
                labels.map { ["key": .string($0.key), "value": .string($0.value)] },
                at: labelPath,
                to: &json
            )
            guard let taintPath else { return taints.isEmpty }
            append(taints.map { full($0, isKebab: false) }, at: taintPath, to: &json)
            return true
        }
    }

    /// Writes the marks into a bootstrap configuration; false for a kind that is not known.
    func write(intoBootstrap object: inout TemplateObject) -> Bool {
        let base = object.kind.hasSuffix("Template") ? ["spec", "template", "spec"] : ["spec"]
        switch object.kind {
        case "KubeadmConfig", "KubeadmConfigTemplate":
            kubeadm(base + ["joinConfiguration", "nodeRegistration"], &object)
        case "EKSConfig", "EKSConfigTemplate":
            let arguments = base + ["kubeletExtraArgs"]
            extend("node-labels", labelTexts, at: arguments, in: &object.json)
            extend("register-with-taints", taintTexts, at: arguments, in: &object.json)
        case "NodeadmConfig", "NodeadmConfigTemplate":
            var flags: [String] = []
            if !labels.isEmpty {
                flags.append("--node-labels=\(labelTexts.joined(separator: ","))")
            }
            if !taints.isEmpty {
                flags.append("--register-with-taints=\(taintTexts.joined(separator: ","))")
            }
            append(flags.map { .string($0) }, at: base + ["kubelet", "flags"], to: &object.json)
        case "RKE2Config", "RKE2ConfigTemplate", "KThreesConfig", "KThreesConfigTemplate":
            let agent = base + ["agentConfig"]
            append(labelTexts.map { .string($0) }, at: agent + ["nodeLabels"], to: &object.json)
            append(taintTexts.map { .string($0) }, at: agent + ["nodeTaints"], to: &object.json)
        case "TalosConfig", "TalosConfigTemplate":
            append([.string(talosPatch)], at: base + ["strategicPatches"], to: &object.json)
        default:
            return false
        }
        return true
    }

    /// Talos takes patches of a machine's configuration, as text.
    private var talosPatch: String {
        var machine = JSON.object(JSONObject())
        for label in labels {
            machine.set(.string(label.value), at: ["machine", "nodeLabels", label.key])
        }
        for taint in taints {
            let effect = taint.effect.rawValue
            let text = taint.value.isEmpty ? effect : "\(taint.value):\(effect)"
            machine.set(.string(text), at: ["machine", "nodeTaints", taint.key])
        }
        return String(decoding: YAML.text(machine), as: UTF8.self)
    }

    /// kubeadm's arguments are a list from v1beta2 on, an object before.
    private func kubeadm(_ registration: [String], _ object: inout TemplateObject) {
        let path = registration + ["kubeletExtraArgs"]
        if object.version == "v1beta1" {
            extend("node-labels", labelTexts, at: path, in: &object.json)
        } else if !labels.isEmpty {
            var arguments = object.json.value(at: path)?.array ?? []
            let place = arguments.firstIndex { $0["name"]?.string == "node-labels" }
            let before = place.flatMap { arguments[$0]["value"]?.string }
            let all = ([before].compactMap(\.self) + labelTexts).joined(separator: ",")
            let argument: JSON = ["name": "node-labels", "value": .string(all)]
            if let place { arguments[place] = argument } else { arguments.append(argument) }
            object.json.set(.array(arguments), at: path)
        }
        append(
            taints.map(plain),
            at: registration + ["taints"],
            to: &object.json
        )
    }

    private var labelTexts: [String] { labels.map { "\($0.key)=\($0.value)" } }

    private var taintTexts: [String] {
        taints.map { taint in
            taint.value.isEmpty
                ? "\(taint.key):\(taint.effect.rawValue)"
                : "\(taint.key)=\(taint.value):\(taint.effect.rawValue)"
        }
    }

    private func full(_ taint: NodeTaint, isKebab: Bool) -> JSON {
        let effect =
            switch (taint.effect, isKebab) {
            case (.noSchedule, true): "no-schedule"
            case (.noExecute, true): "no-execute"
            case (.preferNoSchedule, true): "prefer-no-schedule"
            case (let effect, false): effect.rawValue
            }
        return [
            "key": .string(taint.key), "value": .string(taint.value), "effect": .string(effect),
        ]
    }

    private func plain(_ taint: NodeTaint) -> JSON {
        guard taint.value.isEmpty else { return full(taint, isKebab: false) }
        return ["key": .string(taint.key), "effect": .string(taint.effect.rawValue)]
    }

    private func merge(_ path: [String], into json: inout JSON) {
        for label in labels { json.set(.string(label.value), at: path + [label.key]) }
    }

    private func append(_ elements: [JSON], at path: [String], to json: inout JSON) {
        guard !elements.isEmpty else { return }
        let before = json.value(at: path)?.array ?? []
        json.set(.array(before + elements), at: path)
    }

    /// Adds to an argument whose values are separated by commas.
    private func extend(
        _ argument: String,
        _ values: [String],
        at path: [String],
        in json: inout JSON
    ) {
        guard !values.isEmpty else { return }
        let before = json.value(at: path + [argument])?.string
        let all = ([before].compactMap(\.self) + values).joined(separator: ",")
        json.set(.string(all), at: path + [argument])
    }
}
