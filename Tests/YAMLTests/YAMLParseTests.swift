import JSON
import Testing

@testable import YAML

struct YAMLParseTests {
    @Test func `plain scalars are what YAML 1 2 says`() throws {
        let text = "a: yes\nb: 010\nc: 1e3\nd: ~\ne: 'true'\nf: false\ng: -1.5\nh: 1_000\n"
        let document = try YAML.parse(Array(text.utf8))
        #expect(
            document == [
                "a": "yes", "b": "010", "c": 1000, "d": nil, "e": "true", "f": false,
                "g": try JSON.parse(Array("-1.5".utf8)), "h": "1_000",
            ]
        )
    }

    @Test func `a problem says where it is`() {
        #expect(throws: YAMLFault.self) { try YAML.parse(Array("a: 1\nb: &x 2\n".utf8)) }
        do {
            _ = try YAML.parse(Array("a: 1\nb: &x 2\n".utf8))
        } catch {
            #expect(error.problems.first?.line == 2)
            #expect(error.problems.first?.column == 4)
            #expect(error.description.hasPrefix("line 2, column 4: "))
        }
    }

    @Test(arguments: ["a: !!str &b c\n", "a\r&b c\r", "a: [!!map &b {}]\n", "a: !x &b c\n"])
    func `an anchor is found behind tags and other line ends`(_ text: String) {
        #expect(throws: YAMLFault.self) { try YAML.parse(Array(text.utf8)) }
    }
}
