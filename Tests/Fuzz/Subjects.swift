import Domain
import JSON
import Secrets
import YAML

@testable import API
@testable import Blueprints

/// Everything that reads bytes of strangers, each with what must hold for any bytes.
enum Subjects {
    /// By the name that `scripts/fuzz` takes.
    static let all: [String: @Sendable ([UInt8]) -> Void] = [
        "request": request,
        "cursor": cursor,
        "query": query,
        "json": json,
        "patch": patch,
        "schema": schema,
        "pattern": pattern,
        "substitution": substitution,
        "manifest": manifest,
        "yaml": yaml,
        "selector": selector,
        "kubeconfig": kubeconfig,
        "address": address,
        "watch": watch,
        "status": status,
        "apply": apply,
    ]

    /// The same verdict whole, byte by byte and in two portions; no more requests than fit.
    @Sendable private static func request(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let input = Array(bytes.dropFirst())
        let whole = Transcript(input)
        precondition(Transcript(input, cuts: Array(input.indices)) == whole)
        precondition(Transcript(input, cuts: [Int(first) * input.count / 256]) == whole)
        precondition(whole.messages.count <= input.count / 16)
        for message in whole.messages { precondition(message.body.count < input.count) }
    }

    /// Nothing but what was sealed for this list is opened.
    @Sendable private static func cursor(_ bytes: [UInt8]) {
        let seal = CursorSeal(key: HMACSHA256(key: Array(repeating: 7, count: 32)))
        let text = String(decoding: bytes, as: UTF8.self)
        let list = ListIdentity(operation: "listTenants", path: [], filters: [("sort", text)])
        let other = ListIdentity(operation: "listTenants", path: [text], filters: [])
        precondition(read({ try seal.open(text, of: list) }) == nil)
        guard !bytes.isEmpty else { return }
        let sealed = seal.seal(bytes, of: list)
        precondition(read({ try seal.open(sealed, of: list) }) == bytes)
        precondition(read({ try seal.open(sealed, of: other) }) == nil)
        precondition(read({ try seal.open(sealed + "A", of: list) }) == nil)
    }

    /// What is read is written so that it is read again.
    @Sendable private static func query(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let known = ["limit", "cursor", "labelSelector", "a", ""]
        guard let query = read({ try Query(parsing: text, known: known) }) else { return }
        let written = query.replacing("cursor", with: text)
        guard !text.utf8.contains(0) else { return }
        let again = read({ try Query(parsing: written, known: known) })
        precondition(again?["cursor"] == text)
        for name in known where name != "cursor" { precondition(again?[name] == query[name]) }
    }

    /// What is read comes back from its text; a fault lies inside the text.
    @Sendable private static func json(_ bytes: [UInt8]) {
        do {
            let value = try JSON.parse(bytes)
            precondition(read({ try JSON.parse(value.serialized()) }) == value)
            precondition(read({ try JSON.parse(value.canonical()) }) == value)
            if let number = value.number { _ = (number.int64, number.double, number.isWhole) }
        } catch {
            precondition((0...bytes.count).contains(error.offset))
        }
    }

    /// A merge patch done twice is a merge patch done once; a pointer says itself.
    @Sendable private static func patch(_ bytes: [UInt8]) {
        if let pointer = JSONPointer(parsing: String(decoding: bytes, as: UTF8.self)) {
            precondition(JSONPointer(parsing: pointer.description) == pointer)
        }
        guard let pair = read({ try JSON.parse(bytes) }), let target = pair[0],
            let change = pair[1]
        else { return }
        let once = target.merging(patch: change)
        precondition(once.merging(patch: change) == once)
        precondition(read({ try JSON.parse(once.serialized()) }) == once)
    }

    /// Schema and instance: defaults fill once, violations have words.
    @Sendable private static func schema(_ bytes: [UInt8]) {
        guard let pair = read({ try JSON.parse(bytes) }), let source = pair[0],
            let instance = pair[1],
            let schema = read({ try JSONSchema(parsing: source, formats: .assertion) })
        else { return }
        let filled = schema.fillingDefaults(in: instance)
        precondition(schema.fillingDefaults(in: filled) == filled)
        for violation in schema.validate(filled) { precondition(!violation.message.isEmpty) }
    }

    /// The first line is the pattern, the rest the text.
    @Sendable private static func pattern(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
        let source = String(decoding: parts.first ?? [], as: UTF8.self)
        guard let pattern = read({ try TextPattern(parsing: source) }) else { return }
        _ = pattern.matches(String(decoding: parts.dropFirst().first ?? [], as: UTF8.self))
    }

    /// Text or findings, never both; an escaped dollar is a dollar.
    @Sendable private static func substitution(_ bytes: [UInt8]) {
        var fault = RenderFault()
        let values = ["A": "aXbä/*[", "B": "", "abc": "${A}", "N": "-3"]
        let output = Substitution(values: values).expand(bytes, file: "f", fault: &fault)
        precondition((output == nil) == !fault.isEmpty)
        let escaped = bytes.flatMap { $0 == UInt8(ascii: "$") ? [$0, $0] : [$0] }
        var none = RenderFault()
        precondition(Substitution(values: [:]).expand(escaped, file: "f", fault: &none) == bytes)
    }

    /// YAML of strangers, through libyaml.
    @Sendable private static func manifest(_ bytes: [UInt8]) {
        _ = read({ try BlueprintManifest(parsing: bytes) })
    }

    /// What is read comes back from what is written; the strict reader agrees on what is quoted.
    @Sendable private static func yaml(_ bytes: [UInt8]) {
        guard let documents = read({ try YAML.documents(bytes) }) else { return }
        let text = YAML.text(documents.map(\.value))
        let again = read({ try YAML.documents(text) })
        precondition(again?.map(\.value) == documents.map(\.value))
    }

    /// Read, and asked.
    @Sendable private static func selector(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let selector = read({ try LabelSelector(parsing: text) }) else { return }
        precondition(selector.terms.count <= LabelSelector.termsMax)
    }

    /// What a reader made of its input; a refusal is an answer too.
    private static func read<Value>(_ body: () throws -> Value) -> Value? {
        do { return try body() } catch { return nil }
    }
}
