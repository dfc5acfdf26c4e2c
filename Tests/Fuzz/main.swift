import Glibc

// libFuzzer feeds one subject, chosen by `SLIPWAY_FUZZ`, for the whole run. A subject takes any
// bytes and returns; a crash, a broken promise (`precondition`) or a hang is a finding.
// `scripts/fuzz` builds and runs it.

/// LLVM's `compiler-rt/lib/fuzzer`: reads the arguments and runs until the time is up.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let name = getenv("SLIPWAY_FUZZ").map { String(cString: $0) } ?? ""
guard let subject = Subjects.all[name] else {
    print("Set SLIPWAY_FUZZ to one of: \(Subjects.all.keys.sorted().joined(separator: " "))")
    exit(2)
}
/// The subject of this run, where a C function can reach it.
let chosen = subject

/// What libFuzzer calls with each input; its library asks for it under this name.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, testOneInput))
