import ArgumentParser
import TestSupport
import Testing

@testable import slipway

struct TokenCommandTests {
    @Test(arguments: [
        ["build", "--days", "99999999999999999"], ["build", "--days", "0"], [""],
        [String(repeating: "n", count: 101)], ["build", "--role", "viewer"],
        ["build", "--role", "captain"],
    ])
    func `a token that makes no sense is refused before anything is opened`(
        words: [String]
    ) throws {
        let folder = TemporaryDirectory()
        let command = try TokenCommand.Create.parse(words + ["--data-dir", folder.path])
        #expect(throws: ValidationError.self) { try command.run() }
    }

    @Test func `what is no id is refused in words`() throws {
        let folder = TemporaryDirectory()
        let command = try TokenCommand.Revoke.parse(["nope", "--data-dir", folder.path])
        #expect(throws: ValidationError.self) { try command.run() }
    }
}
