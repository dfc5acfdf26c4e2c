package import Domain
import Glibc
import Synchronization

/// The time zone database of the machine: a directory of TZif files by IANA name.
package final class ZoneDirectory: TimeZoneSource {
    /// Where systems keep it.
    package static let usual = "/usr/share/zoneinfo"
    /// The most characters of a zone's name; the longest of today's has 32.
    private static let nameLengthMax = 64
    /// The most zones that are remembered; there are some 600 with all aliases.
    private static let zonesMax = 1_000

    private let directory: String
    /// A zone that changes on disk counts from the next start on.
    private let known = Mutex<[String: TimeZoneRules]>([:])

    /// The database in that directory.
    package init(_ directory: String = usual) {
        self.directory = directory
    }

    /// The rules of a zone by its IANA name; `UTC` needs no database.
    package func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules {
        if zone == "UTC" || zone == "Etc/UTC" { return .utc }
        if let found = known.withLock({ $0[zone] }) { return found }
        guard Self.isName(zone) else { throw .unknown(zone) }
        let file = try file(of: zone)
        let rules: TimeZoneRules
        do throws(TimeZoneFault) {
            rules = try TimeZoneRules(parsing: file)
        } catch {
            throw .unreadable(zone)
        }
        known.withLock { known in
            if known.count < Self.zonesMax { known[zone] = rules }
        }
        return rules
    }

    /// Whether the text can be a zone's name, and so no way out of the directory.
    private static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= nameLengthMax, text.first?.isUppercase == true else {
            return false
        }
        return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0))
                }
        }
    }

    private func file(of zone: String) throws(TimeZoneAbsence) -> [UInt8] {
        let raw = open("\(directory)/\(zone)", O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else {
            guard access(directory, X_OK) == 0 else { throw .noDatabase(directory: directory) }
            throw .unknown(zone)
        }
        defer { close(raw) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8_192)
        while bytes.count <= TimeZoneRules.fileBytesMax {
            let count = read(raw, &chunk, chunk.count)
            // A directory, such as `America`, opens but has no bytes.
            guard count >= 0 else { throw .unknown(zone) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        throw .unreadable(zone)
    }
}
