package import JSON

/// JSON that is also the YAML it is read as.
///
/// API servers read what is applied as YAML 1.1 even where it is JSON: `\/` and surrogate pairs
/// are errors there, and some characters that JSON takes as they are break lines or are refused.
package enum ApplyBody {
    /// The text of `value`, fit for server-side apply.
    package static func bytes(of value: JSON) -> [UInt8] {
        let json = value.serialized()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count + 16)
        var place = 0
        while place < json.count {
            let (escape, length) = escape(json, at: place)
            if let escape {
                bytes += escape.utf8
            } else {
                bytes += json[place..<(place + length)]
            }
            place += length
        }
        return bytes
    }

    /// What a YAML 1.1 reader would not take as it stands (§5.1), or would take for a line break
    /// (§5.4); all of it can only be inside of strings.
    private static func escape(_ json: [UInt8], at place: Int) -> (escape: String?, Int) {
        func byte(_ offset: Int) -> UInt8 {
            place + offset < json.count ? json[place + offset] : 0
        }
        switch (byte(0), byte(1), byte(2)) {
        case (0x7F, _, _): return ("\\u007f", 1)
        case (0xC2, 0x80...0x9F, _):
            return ("\\u00" + String(byte(1), radix: 16), 2)
        case (0xE2, 0x80, 0xA8): return ("\\u2028", 3)
        case (0xE2, 0x80, 0xA9): return ("\\u2029", 3)
        case (0xEF, 0xBB, 0xBF): return ("\\ufeff", 3)
        case (0xEF, 0xBF, 0xBE): return ("\\ufffe", 3)
        case (0xEF, 0xBF, 0xBF): return ("\\uffff", 3)
        default: return (nil, 1)
        }
    }
}
