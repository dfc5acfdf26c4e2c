import JSON
import Testing

/// A member that is found without reading the rest.
@Suite struct SkimTests {
    private static let path = ["repository", "full_name"]

    @Test(arguments: [
        (#"{"repository":{"full_name":"a/b"}}"#, "a/b"),
        (#" { "x" : [1,{"repository":2}] , "repository" : { "full_name" : "a\u002fb" } }"#, "a/b"),
        (#"{"x":"\"repository\":{\"full_name\":\"no\"}","repository":{"full_name":"a/b"}}"#, "a/b"),
        (#"{"x":{"repository":{"full_name":"no"}},"repository":{"full_name":"a/b"}"#, "a/b"),
        (#"{"y":"}],","repository":{"full_name":"a/b"}"#, "a/b"),
        (#"{"repository":{"owner":{"full_name":"no"},"full_name":"a/b","x":}"#, "a/b"),
    ])
    func `a text is found wherever it stands, and nothing after it is read`(
        text: String,
        found: String
    ) {
        #expect(JSON.skim(Array(text.utf8), for: Self.path) == found)
    }

    @Test(arguments: [
        "", " ", "null", "[]", "{}", "{", #"{"repository""#, #"{"repository":"#,
        #"{"repository":{"#,
        #"{"repository":{"full_name":"a/b"#, #"{"repository":{"full_name":1}}"#, #"{"a":"\"#,
        #"{"repository":{"full_name":{"x":"a/b"}}}"#, #"{"repository":"full_name"}"#, #"{"a":1"#,
        #"{"other":{"full_name":"a/b"}}"#, #"{"repository":{}, "full_name":"a/b"}"#, "\"",
        #"{"a"}"#,
        #"{"repository":[],"repository":{"full_name":"second"}}"#,
    ])
    func `what is not there is not found, whatever the bytes are`(text: String) {
        #expect(JSON.skim(Array(text.utf8), for: Self.path) == nil)
    }

    @Test func `every cut of a document is read or not, and never beyond its end`() {
        let whole = Array(#"{"a":[1,"x\\"],"repository":{"b":{},"full_name":"a/b"},"c":[{}]}"#.utf8)
        let end = whole.count - #"},"c":[{}]}"#.utf8.count
        for count in 0...whole.count {
            let found = JSON.skim(Array(whole.prefix(count)), for: Self.path)
            #expect(found == (count < end ? nil : "a/b"), "\(count)")
        }
    }

    @Test func `a million brackets are passed over without a stack of them`() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(JSON.skim(Array(#"{"a":\#(deep)"#.utf8), for: Self.path) == nil)
    }
}
