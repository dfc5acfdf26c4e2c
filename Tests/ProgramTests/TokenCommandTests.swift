import ArgumentParser
import Glibc
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

    @Test func `a folder without data is refused, and nothing is made in it`() throws {
        let folder = TemporaryDirectory()
        for words in [["token", "list"], ["token", "create", "ci"], ["migrate", "--dry-run"]] {
            var command = try Slipway.parseAsRoot(words + ["--data-dir", "\(folder.path)/var"])
            #expect(throws: ExitCode.failure) { try command.run() }
        }
        #expect(access("\(folder.path)/var", F_OK) != 0)
    }

    @Test func `what is no id is refused in words`() throws {
        let folder = TemporaryDirectory()
        let command = try TokenCommand.Revoke.parse(["nope", "--data-dir", folder.path])
        #expect(throws: ValidationError.self) { try command.run() }
    }
}
