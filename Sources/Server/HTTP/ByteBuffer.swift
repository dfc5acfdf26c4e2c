/// Bytes on their way between a socket and the server: added at the end, taken from the start.
final class ByteBuffer {
    private var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private var start = 0
    private var end = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    /// The bytes, lent until the buffer is changed.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: count)
    }

    /// Bytes that fit without moving to larger memory.
    var room: Int { capacity - count }

    /// Takes `count` bytes from the start.
    func consume(_ count: Int) {
        start += count
        if start == end { (start, end) = (0, 0) }
    }

    /// Makes place for `count` more bytes at the end.
    func reserve(_ count: Int) {
        guard capacity - end < count else { return }
        let held = self.count
        if capacity - held < count {
            var larger = capacity * 2
            while larger - held < count { larger *= 2 }
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            moved.copyMemory(from: base + start, byteCount: held)
            base.deallocate()
            base = moved
            capacity = larger
        } else if start > 0 {
            base.copyMemory(from: base + start, byteCount: held)
        }
        (start, end) = (0, held)
    }

    /// Lets `body` fill at least `count` bytes at the end; it tells how many it did.
    func fill(atLeast count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        reserve(count)
        let room = UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
        end += max(0, min(body(room), room.count))
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (base + end).copyMemory(from: source, byteCount: bytes.count)
        end += bytes.count
    }

    func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(_ text: String) {
        // Unlike `withUTF8` this needs no copy of the string, and counts no reference.
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
            append(UnsafeRawBufferPointer($0))
        }
        if isDone == nil { Array(text.utf8).withUnsafeBytes { append($0) } }
    }

    /// Appends `number` in decimal or another base up to 16.
    func append(_ number: Int, radix: Int = 10) {
        reserve(20)
        var digits = 1
        var rest = number / radix
        while rest > 0 {
            digits += 1
            rest /= radix
        }
        rest = number
        for place in stride(from: end + digits - 1, through: end, by: -1) {
            let digit = UInt8(rest % radix)
            base.storeBytes(
                of: digit < 10 ? digit + 0x30 : digit - 10 + 0x61,
                toByteOffset: place,
                as: UInt8.self
            )
            rest /= radix
        }
        end += digits
    }
}

/// Buffers that one loop's connections take in turns: an idle connection holds none.
struct BufferPool {
    /// Room for a whole head and a good part of a body.
    static let capacity = 32 * 1024
    /// Buffers that are kept for later.
    static let keptMax = 64

    private var kept: [ByteBuffer] = []

    mutating func take(atLeast capacity: Int = 0) -> ByteBuffer {
        guard capacity <= BufferPool.capacity else { return ByteBuffer(capacity: capacity) }
        return kept.popLast() ?? ByteBuffer(capacity: BufferPool.capacity)
    }

    mutating func give(back buffer: ByteBuffer) {
        guard buffer.capacity == BufferPool.capacity, kept.count < BufferPool.keptMax else {
            return
        }
        buffer.consume(buffer.count)
        kept.append(buffer)
    }
}
