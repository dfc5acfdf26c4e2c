extension JSONParser {
    /// RFC 8259 §6: `-`? int frac? exp?, no leading zero, no `+`, no bare point.
    mutating func number() throws(JSONFault) -> JSONNumber {
        let start = place
        if current == UInt8(ascii: "-") { place += 1 }
        if current == UInt8(ascii: "0") {
            place += 1
            if isDigit(current) { throw fault("a number must not start with 0", at: start) }
        } else {
            try digits()
        }
        if current == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") { try exponent() }
        guard place - start <= limits.numberBytesMax else {
            throw fault("a number may have at most \(limits.numberBytesMax) digits", at: start)
        }
        return JSONNumber(
            checked: String(
                decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<place]),
                as: UTF8.self
            )
        )
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte &- UInt8(ascii: "0") < 10
    }

    private mutating func digits() throws(JSONFault) {
        guard isDigit(current) else { throw fault("a digit must stand here") }
        while isDigit(current) { place += 1 }
    }

    private mutating func exponent() throws(JSONFault) {
        let start = place
        place += 1
        if current == UInt8(ascii: "-") || current == UInt8(ascii: "+") { place += 1 }
        let first = place
        try digits()
        var size = 0
        for byte in bytes[first..<place] where size <= limits.exponentMax {
            size = size * 10 + Int(byte &- UInt8(ascii: "0"))
        }
        guard size <= limits.exponentMax else {
            throw fault("an exponent may be at most \(limits.exponentMax)", at: start)
        }
    }
}
