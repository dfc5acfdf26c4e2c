internal import Glibc

/// Strings as the NULL-terminated array of pointers that C wants, for one call.
enum CStringArray {
    static func with<Value>(
        _ strings: [String],
        _ body: (UnsafeMutableBufferPointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        withMutable(strings) { pointers in
            pointers.withMemoryRebound(
                to: UnsafePointer<CChar>?.self,
                capacity: strings.count + 1
            ) { body(UnsafeMutableBufferPointer(start: $0, count: strings.count + 1)) }
        }
    }

    static func withMutable<Value>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: strings.count + 1
        )
        for (index, string) in strings.enumerated() {
            (pointers + index).initialize(to: strdup(string))
        }
        (pointers + strings.count).initialize(to: nil)
        defer {
            for index in strings.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return body(pointers)
    }
}
