extension ServiceBinding {
    /// What is wrong with a name: credentials are named after it.
    static func faults(named name: BindingName) -> [ServiceFault] {
        guard name.text.utf8.count > nameLengthMax else { return [] }
        let detail =
            "The name of a binding has at most \(nameLengthMax) characters: credentials are "
            + "named after it."
        return [ServiceFault(.name, "too-long", detail)]
    }
}

extension BindingSpec {
    /// The namespaces that no consumer is in: those of the cluster itself.
    private static let namespacesKept = ["kube-system", "kube-public", "kube-node-lease"]

    /// Everything that is wrong with the spec of a new binding.
    func faults(in surroundings: BindingSurroundings) -> [ServiceFault] {
        deliveryFaults(in: surroundings) + secretFaults + timeFaults
    }

    /// Everything that can never be made of what there is.
    func fixedFaults(changing current: BindingSpec) -> [ServiceFault] {
        var faults: [ServiceFault] = []
        let another = "Make another binding under another name."
        if delivery != current.delivery || carrier != current.carrier {
            let isSame = (delivery == .answer) == (current.delivery == .answer)
            let member = isSame && carrier == current.carrier ? "consumer" : "delivery"
            let detail = "A binding stays with its consumer. \(another)"
            faults.append(ServiceFault(.spec(member), "fixed", detail))
        }
        if secretName != current.secretName {
            let detail = "The consumer's Secret keeps its name. \(another)"
            faults.append(ServiceFault(.spec("secret"), "fixed", detail))
        }
        return faults
    }

    /// What is wrong with the times of credentials.
    var timeFaults: [ServiceFault] {
        var faults: [ServiceFault] = []
        if let rotatesEvery, rotatesEvery < ServiceBinding.rotationLeast {
            let least = ServiceBinding.rotationLeast.lengthText
            let detail = "A credential is at least \(least) old before it is rotated."
            faults.append(ServiceFault(.spec(["rotation", "every"]), "too-small", detail))
        }
        if let overlap, overlap > ServiceBinding.overlapMost {
            let most = ServiceBinding.overlapMost.lengthText
            let detail = "Two credentials are valid beside each other for at most \(most)."
            faults.append(ServiceFault(.spec(["rotation", "overlap"]), "too-large", detail))
        }
        if let rotatesEvery, let overlap, overlap >= rotatesEvery {
            let detail = "The overlap is shorter than the time after which credentials rotate."
            faults.append(ServiceFault(.spec(["rotation", "overlap"]), "too-large", detail))
        }
        return faults
    }

    private func deliveryFaults(in surroundings: BindingSurroundings) -> [ServiceFault] {
        switch delivery {
        case .answer: return []
        case .environment(let name):
            guard !surroundings.environments.contains(name) else { return [] }
            let detail = "The tenant has no environment of this name, or it is being deleted."
            return [ServiceFault(.spec(["consumer", "environment"]), "unknown", detail)]
        case .namespace(let cluster, let namespace):
            guard surroundings.clusters.contains(where: { $0.name == cluster }) else {
                let detail = "The tenant has no cluster of this name."
                return [ServiceFault(.spec(["consumer", "cluster"]), "unknown", detail)]
            }
            guard !Self.namespacesKept.contains(namespace) else {
                let detail = "The namespace belongs to the cluster itself."
                return [ServiceFault(.spec(["consumer", "namespace"]), "kept", detail)]
            }
            return []
        }
    }

    private var secretFaults: [ServiceFault] {
        guard secretName != nil, delivery == .answer else { return [] }
        let detail = "With the delivery `answer` there is no Secret; leave its name out."
        return [ServiceFault(.spec("secret"), "conflicting", detail)]
    }
}
