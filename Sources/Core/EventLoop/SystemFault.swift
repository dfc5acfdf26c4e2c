import Glibc

/// A call to the kernel that failed.
package struct SystemFault: Error, Equatable, CustomStringConvertible {
    /// The call's name, as in its manual page.
    package let call: String
    /// The kernel's reason, one of the `E…` constants.
    package let errno: Int32

    /// Names the call and the reason that `errno` held after it.
    package init(call: String, errno: Int32) {
        self.call = call
        self.errno = errno
    }

    package var description: String {
        "\(call): \(String(cString: strerror(errno)))"
    }
}
