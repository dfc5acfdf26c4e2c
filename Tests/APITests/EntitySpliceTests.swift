import JSON
import Testing

@testable import API

@Suite struct EntitySpliceTests {
    private func text(_ document: String) -> JSON? {
        EntitySplice(Array(document.utf8)).flatMap { splice in
            let bytes = splice.text(
                annotations: [("backstage.io/orphan", "true")],
                namespace: "default",
                metadata: [("uid", "1\"2")],
                relations: Array("[]".utf8)
            )
            return try? JSON.parse(bytes)  // What is no JSON differs from every expectation.
        }
    }

    @Test(arguments: [
        (#"{"metadata":{"name":"a"}}"#, #"{"name":"a","namespace":"default","annotations":{}}"#),
        (
            #"{"kind":"x","metadata":{"name":"a","namespace":"b"},"spec":{"a":[1,{"b":"}"}]}}"#,
            #"{"name":"a","namespace":"b","annotations":{}}"#
        ),
        (
            #"{"metadata":{"annotations":{},"name":"a\"}","tags":["x","y"]}}"#,
            #"{"annotations":{},"name":"a\"}","tags":["x","y"],"namespace":"default"}"#
        ),
        (
            #"{"metadata":{"annotations":{"k":"v"},"name":"a","namespace":"n"},"spec":{}}"#,
            #"{"annotations":{"k":"v"},"name":"a","namespace":"n"}"#
        ),
    ])
    func `what Slipway knows stands where it belongs`(
        document: String,
        metadata: String
    ) throws {
        var expected = try #require(try JSON.parse(Array(document.utf8)).object)
        var inner = try #require(try JSON.parse(Array(metadata.utf8)).object)
        var annotations = try #require(inner["annotations"]?.object)
        annotations["backstage.io/orphan"] = "true"
        inner["annotations"] = .object(annotations)
        inner["uid"] = #"1"2"#
        expected["metadata"] = .object(inner)
        expected["relations"] = []
        #expect(text(document) == .object(expected))
    }

    @Test(arguments: [
        "", "{", "{}", #"{"metadata":{}}"#, "[]", #"{"metadata":{"name":"a"}"#, #"{"metadata":1}"#,
        #"{"metadata": {"name":"a"}}"#, #"{"metadata":{"name":"a"}} "#,
        #"{"metadata":{"name":"a","uid":"x"}}"#, #"{"metadata":{"name":"a"},"relations":[]}"#,
        #"{"metadata":{"annotations":{"backstage.io/orphan":"x"}}}"#,
        #"{"metadata":{"annotations":1}}"#, #"{"metadata":{"name":"a}}"#, #"{"metadata":{"name"}}"#,
        #"{"metadata":{"name":}}"#, #"{"metadata":{"name":"a",}}"#,
    ])
    func `what is not as expected is left to the parser`(document: String) {
        let splice = EntitySplice(Array(document.utf8))
        #expect(splice == nil, "\(document)")
    }
}
