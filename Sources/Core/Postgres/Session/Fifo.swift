/// A queue whose first element is taken in constant time; the memory of taken ones is used again.
struct Fifo<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : elements[head] }
    var last: Element? { isEmpty ? nil : elements[elements.count - 1] }

    subscript(index: Int) -> Element {
        get {
            guard let element = elements[head + index] else {
                preconditionFailure("a taken element is never asked for")
            }
            return element
        }
        set { elements[head + index] = newValue }
    }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func prepend(contentsOf other: [Element]) {
        elements.replaceSubrange(..<head, with: other.map(Optional.some))
        head = 0
    }

    /// Takes the first element; there must be one.
    @discardableResult
    mutating func removeFirst() -> Element {
        let element = self[0]
        elements[head] = nil
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64 && head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func removeAll() -> [Element] {
        defer {
            elements.removeAll()
            head = 0
        }
        return elements[head...].compactMap { $0 }
    }
}

extension Fifo: Equatable where Element: Equatable {
    static func == (left: Fifo, right: Fifo) -> Bool {
        left.elements[left.head...] == right.elements[right.head...]
    }
}
