import Glibc

/// A folder of its own for one test, removed with everything in it when the value goes away.
package final class TemporaryDirectory: Sendable {
    /// The absolute path, without a trailing slash.
    package let path: String

    /// Makes the folder under `/tmp`.
    package init() {
        var template = Array("/tmp/slipway-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no folder could be made under /tmp")
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = ["rm", "-rf", "--", path]
            .map { (word: String) in strdup(word) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        if posix_spawnp(&process, "rm", nil, nil, words, nil) == 0 {
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
    }
}
