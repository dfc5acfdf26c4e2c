/// The jobs that wait for their loop: a ring that grows and is then reused, so that enqueuing
/// allocates nothing in the steady state.
struct JobRing: ~Copyable {
    private var storage: UnsafeMutablePointer<UnownedJob>
    private var capacity: Int
    private var head = 0
    private(set) var count = 0

    /// Makes room for `capacity` jobs, a power of two.
    init(capacity: Int = 1024) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a power of two")
        self.capacity = capacity
        storage = .allocate(capacity: capacity)
    }

    deinit {
        storage.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ job: UnownedJob) {
        if count == capacity { grow() }
        storage.advanced(by: (head + count) & (capacity - 1)).initialize(to: job)
        count += 1
    }

    mutating func popFirst() -> UnownedJob? {
        guard count > 0 else { return nil }
        let job = storage.advanced(by: head).move()
        head = (head + 1) & (capacity - 1)
        count -= 1
        return job
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: capacity * 2)
        for offset in 0..<count {
            let source = storage.advanced(by: (head + offset) & (capacity - 1))
            larger.advanced(by: offset).initialize(to: source.move())
        }
        storage.deallocate()
        storage = larger
        head = 0
        capacity *= 2
    }
}
