extension Environment {
    /// The most characters of a name in that tenant.
    static func nameMax(in tenant: TenantName) -> Int {
        Swift.min(nameLengthMax, EnvironmentName.lengthMax - tenant.text.utf8.count - 1)
    }

    /// What is wrong with a name: with the tenant's it is a part of host names and of objects.
    static func faults(named name: EnvironmentName, of tenant: TenantName) -> [EnvironmentFault] {
        let most = nameMax(in: tenant)
        guard name.text.utf8.count > most else { return [] }
        return [
            EnvironmentFault(
                .name,
                "too-long",
                "The name of an environment of \(tenant) has at most \(most) characters: with "
                    + "the tenant's it becomes a part of host names."
            )
        ]
    }
}

extension EnvironmentSpec {
    /// The most characters of an image reference.
    package static let imageLengthMax = 500

    /// Everything that is wrong with the spec by itself, by its template, and by what is there.
    package func faults(
        by policy: EnvironmentTemplatePolicy?,
        named name: EnvironmentName,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) -> [EnvironmentFault] {
        typeFaults(by: policy) + (source?.faults ?? []) + imageFaults(by: policy)
            + placementFaults(of: name, in: surroundings)
            + dependencyFaults(of: name, in: surroundings)
            + lifetime.faults(
                of: type,
                by: policy?.limits ?? EnvironmentLimits(),
                zones: surroundings.zones,
                at: moment
            )
            + readiness.faults
            + rollout.faults(of: type, by: policy)
            + (approvals?.faults ?? [])
            + (freeze?.faults(at: ["freeze"], zones: surroundings.zones) ?? [])
    }

    /// What keeps the template from running these images.
    func templateFaults(in surroundings: EnvironmentSurroundings) -> [EnvironmentFault] {
        guard let policy = surroundings.template(template) else {
            return [EnvironmentOrder.unknownTemplate]
        }
        return imageFaults(by: policy)
    }

    /// Everything that can never be made of what there is.
    func fixedFaults(changing current: EnvironmentSpec) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func fixed(_ member: String, _ isSame: Bool, _ detail: String) {
            if !isSame { faults.append(EnvironmentFault(.spec(member), "fixed", detail)) }
        }
        let another = "Make another environment under another name."
        fixed("type", type == current.type, "What an environment is for never changes. \(another)")
        fixed(
            "template",
            template == current.template,
            "An environment stays with its template. \(another)"
        )
        fixed(
            "placement",
            placement == current.placement,
            "An environment stays where it is. \(another)"
        )
        return faults
    }

    private func typeFaults(by policy: EnvironmentTemplatePolicy?) -> [EnvironmentFault] {
        guard let policy, !policy.types.contains(type) else { return [] }
        let types = EnvironmentType.allCases.filter(policy.types.contains).map(\.rawValue)
        return [
            EnvironmentFault(
                .spec("type"),
                "not-for-template",
                "The template \(policy.name) is for \(types.joined(separator: ", "))."
            )
        ]
    }

    private func imageFaults(by policy: EnvironmentTemplatePolicy?) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        if images.all.count > Self.imagesMax {
            faults.append(
                EnvironmentFault(
                    .spec("images"),
                    "out-of-range",
                    "An environment has at most \(Self.imagesMax) images."
                )
            )
        }
        for image in images.all {
            let place = EnvironmentFault.Place.spec(["images", image.name])
            if let policy, !policy.images.contains(image.name) {
                let known = policy.images.isEmpty ? "none" : policy.images.joined(separator: ", ")
                let detail = "The template \(policy.name) runs these images: \(known)."
                faults.append(EnvironmentFault(place, "unknown", detail))
            }
            if !image.isReference {
                let detail =
                    "Expected an image such as `registry.example.com/shop:1.2` or, better, one "
                    + "with `@sha256:` and its digest."
                faults.append(EnvironmentFault(place, "invalid-image", detail))
            }
        }
        for name in policy?.images ?? [] where images[name] == nil {
            let detail = "The template runs this image; say which one."
            faults.append(EnvironmentFault(.spec(["images", name]), "missing", detail))
        }
        return faults
    }

    private func placementFaults(
        of environment: EnvironmentName,
        in surroundings: EnvironmentSurroundings
    ) -> [EnvironmentFault] {
        guard case .cluster(let name) = placement else { return [] }
        let place = EnvironmentFault.Place.spec(["placement", "cluster"])
        guard let cluster = surroundings.clusters.first(where: { $0.name == name }) else {
            let detail =
                "The tenant has no cluster \(name). Name one of those that it has, or let one be "
                + "made with `placement.kind`."
            return [EnvironmentFault(place, "unknown", detail)]
        }
        if cluster.phase == .deleting {
            return [EnvironmentFault(place, "deleting", "The cluster \(name) is being deleted.")]
        }
        if surroundings.housing?.home != name,
            let owner = surroundings.environments.keys.first(where: { $0.home == name })
        {
            let detail =
                "The cluster \(name) may go with the environment \(owner), which names like this "
                + "are kept for. Name another."
            return [EnvironmentFault(place, "taken", detail)]
        }
        guard cluster.kind == .namespace, let occupant = surroundings.occupants[name],
            occupant != environment
        else { return [] }
        return [.occupied(name, by: occupant)]
    }
}

extension EnvironmentFault {
    /// The cluster was made for another environment, which is on its way out.
    package static func leaving(
        _ cluster: ClusterName,
        with host: EnvironmentName
    ) -> EnvironmentFault {
        EnvironmentFault(
            .spec(["placement", "cluster"]),
            "not-ready",
            "The cluster \(cluster) goes with \(host), which is being deleted. Name another one."
        )
    }

    /// The cluster is a namespace, in which another environment is.
    package static func occupied(
        _ cluster: ClusterName,
        by occupant: EnvironmentName
    ) -> EnvironmentFault {
        EnvironmentFault(
            .spec(["placement", "cluster"]),
            "occupied",
            "The cluster \(cluster) is one namespace, and \(occupant) is in it: the objects of "
                + "two environments would bear the same names. Delete \(occupant), or name a "
                + "cluster of another kind."
        )
    }
}

extension EnvironmentSource {
    fileprivate var faults: [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func refuse(_ member: String, unless isRight: Bool, _ detail: String) {
            guard !isRight else { return }
            faults.append(EnvironmentFault(.spec(["source", member]), "invalid", detail))
        }
        func isPlain(_ text: String) -> Bool {
            text.utf8.count <= Self.lengthMax && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
        if let repository {
            let host = repository.dropFirst("https://".count).prefix { $0 != "/" }
            refuse(
                "repository",
                unless: isPlain(repository) && repository.hasPrefix("https://") && !host.isEmpty
                    && !host.contains("@"),
                "Expected an https URL without user and password."
            )
        }
        if let ref {
            refuse(
                "ref",
                unless: isPlain(ref) && ref.hasPrefix("refs/"),
                "Expected the full name of a branch or tag, such as `refs/heads/main`."
            )
        }
        if let revision {
            refuse(
                "revision",
                unless: [40, 64].contains(revision.utf8.count)
                    && revision.allSatisfy { $0.isASCII && $0.isHexDigit },
                "Expected the whole id of a commit: 40 or 64 hexadecimal digits."
            )
        }
        if let pullRequest {
            refuse("pullRequest", unless: pullRequest > 0, "Pull requests are numbered from 1.")
        }
        return faults
    }
}

extension EnvironmentImages.Image {
    /// Whether the reference has the shape of one: a lower-case path, perhaps behind a host, with
    /// a tag or a digest or both.
    var isReference: Bool {
        guard reference.utf8.count <= EnvironmentSpec.imageLengthMax else { return false }
        let halves = reference.split(
            separator: "@",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        if halves.count == 2 {
            let digest = halves[1]
            let digits = digest.dropFirst("sha256:".count)
            guard digest.hasPrefix("sha256:"), digits.utf8.count == 64,
                digits.utf8.allSatisfy(Self.isLowerHex)
            else { return false }
        }
        var parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        guard var last = parts.popLast() else { return false }
        // A colon before the last slash belongs to the host's port.
        if let colon = last.firstIndex(of: ":") {
            let tag = last[last.index(after: colon)...]
            guard (1...128).contains(tag.utf8.count), tag.first != ".", tag.first != "-",
                tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
            else { return false }
            last = last[..<colon]
        }
        var path = parts + [last]
        if path.count > 1, Self.isHost(path[0]) { path.removeFirst() }
        return path.allSatisfy(Self.isComponent)
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func isHost(_ text: Substring) -> Bool {
        guard text.contains(where: { $0 == "." || $0 == ":" }) || text == "localhost" else {
            return false
        }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".:-".contains($0)) }
    }

    private static func isComponent(_ text: Substring) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        func isAlphanumeric(_ character: Character) -> Bool {
            character.isASCII && (character.isLowercase || character.isNumber)
        }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.allSatisfy { isAlphanumeric($0) || "._-".contains($0) }
    }
}

extension EnvironmentReadiness.Check {
    /// Whether the path is one.
    var isPath: Bool {
        path.hasPrefix("/") && path.utf8.count <= 500
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension EnvironmentReadiness {
    fileprivate var faults: [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func refuse(_ path: [String], unless isRight: Bool, _ code: String, _ detail: String) {
            guard !isRight else { return }
            faults.append(EnvironmentFault(.spec(["readiness"] + path), code, detail))
        }
        refuse(
            ["deadline"],
            unless: deadline >= .seconds(1) && deadline <= Self.deadlineMax,
            "out-of-range",
            "A roll-out may take between 1s and \(Self.deadlineMax.lengthText)."
        )
        if let check {
            refuse(
                ["url", "path"],
                unless: check.isPath,
                "invalid",
                "Expected the path of a URL, such as `/healthz`."
            )
            refuse(
                ["url", "status"],
                unless: (200...599).contains(check.status),
                "out-of-range",
                "Expected a status of HTTP from 200 to 599."
            )
        }
        return faults
    }
}
