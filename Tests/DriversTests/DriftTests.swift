import Domain
import Drivers
import JSON
import TestSupport
import Testing

@Suite struct DriftTests {
    private let wanted: JSON = [
        "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "x"],
        "spec": [
            "replicas": 2, "empty": [:], "off": false, "list": ["a"],
            "pools": [["name": "p", "size": "small"]],
        ],
    ]

    private func drift(_ spec: JSON, manager: String = "kubectl", fields: JSON = [:]) -> [String] {
        let live: JSON = [
            "apiVersion": "example.com/v1", "kind": "Thing",
            "metadata": [
                "name": "x", "creationTimestamp": "2026-01-01T00:00:00Z",
                "managedFields": [
                    ["manager": "slipway", "fieldsV1": ["f:spec": ["f:replicas": [:]]]],
                    ["manager": .string(manager), "fieldsV1": fields],
                ],
            ],
            "spec": spec,
        ]
        var set = ManifestSet()
        set.add(wanted)
        return Drift(of: SeenObjects([live.object].compactMap(\.self)), from: set, isSettled: true)
            .fields(watched: [], at: WishSample.moment)
    }

    @Test func `what is as it was applied does not drift, whatever else is there`() {
        let spec: JSON = [
            "replicas": 2, "list": ["a"], "defaulted": 1,
            "pools": [["name": "q"], ["name": "p", "size": "small", "more": 1]],
        ]
        #expect(drift(spec) == [])
    }

    @Test func `a changed field names who changed it`() {
        let spec: JSON = [
            "replicas": 3, "list": ["a"], "pools": [["name": "p", "size": "large"]],
        ]
        let owned: JSON = [
            "f:spec": [
                "f:replicas": [:], "f:pools": ["k:{\"name\":\"p\"}": [".": [:], "f:size": [:]]],
            ]
        ]
        #expect(
            drift(spec, fields: owned) == [
                "Thing/x .spec.replicas (kubectl)", "Thing/x .spec.pools[p].size (kubectl)",
            ]
        )
    }

    @Test func `a removed field is told even where nobody owns it`() {
        let spec: JSON = ["list": ["a"], "pools": [["name": "p", "size": "small"]]]
        #expect(drift(spec) == ["Thing/x .spec.replicas (unknown)"])
    }

    @Test func `what has not been delivered yet differs without anybody's doing`() {
        let live: JSON = [
            "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "x"],
            "spec": ["replicas": 1, "list": ["a"], "pools": [["name": "p", "size": "small"]]],
        ]
        var set = ManifestSet()
        set.add(wanted)
        let seen = SeenObjects([live.object].compactMap(\.self))
        let drift = Drift(of: seen, from: set, isSettled: false)
        #expect(drift.fields(watched: [], at: WishSample.moment) == [])
    }

    @Test func `an object of a watched kind that is gone is missing`() {
        var set = ManifestSet()
        set.add(wanted)
        let other: JSON = ["metadata": ["creationTimestamp": "2026-01-01T00:00:00Z"]]
        let seen = SeenObjects([other.object].compactMap(\.self))
        let watched = [WatchedName(group: "example.com", kind: "Thing")]
        let drift = Drift(of: seen, from: set, isSettled: true).fields(
            watched: watched,
            at: WishSample.moment
        )
        #expect(drift == ["Thing/x (missing)"])
    }
}
