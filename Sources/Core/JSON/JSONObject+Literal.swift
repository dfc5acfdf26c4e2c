extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(reserving: elements.count)
        for (key, value) in elements {
            precondition(append(key, value), "a literal names the member \(key) twice")
        }
    }
}
