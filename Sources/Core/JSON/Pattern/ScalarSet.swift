/// A set of Unicode scalars: ranges, general categories, or all but those.
struct ScalarSet: Sendable, Equatable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    private(set) var categories: Set<Category> = []
    private(set) var others: [ScalarSet] = []
    var isInverted = false

    /// A general category by its number in Unicode's short names.
    typealias Category = Unicode.GeneralCategory

    init() {}

    init(_ scalar: Unicode.Scalar) { insert(scalar.value...scalar.value) }

    init(_ ranges: ClosedRange<UInt32>..., inverted: Bool = false) {
        self.ranges = ranges
        isInverted = inverted
    }

    init(categories: Set<Category>) { self.categories = categories }

    var inverted: ScalarSet {
        var result = self
        result.isInverted.toggle()
        return result
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ other: ScalarSet) { others.append(other) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isInside =
            ranges.contains { $0.contains(scalar.value) }
            || (!categories.isEmpty && categories.contains(scalar.properties.generalCategory))
            || others.contains { $0.contains(scalar) }
        return isInside != isInverted
    }
}

extension ScalarSet {
    /// `\d`.
    static let digits = ScalarSet(0x30...0x39)
    /// `\w`.
    static let wordCharacters = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    /// `\s`: ECMA's white space and line terminators.
    static let space = ScalarSet(
        0x09...0x0D,
        0x20...0x20,
        0xA0...0xA0,
        0x1680...0x1680,
        0x2000...0x200A,
        0x2028...0x2029,
        0x202F...0x202F,
        0x205F...0x205F,
        0x3000...0x3000,
        0xFEFF...0xFEFF
    )
    /// `.`: all but the line terminators.
    static let anyButLineEnd = ScalarSet(
        0x0A...0x0A,
        0x0D...0x0D,
        0x2028...0x2029,
        inverted: true
    )

    /// The set that `\p{name}` stands for, or nil for a name that is not supported.
    init?(property name: String) {
        var name = name
        for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
            name.removeFirst(prefix.count)
        }
        switch name {
        case "Any": self = ScalarSet(0...0x10FFFF)
        case "ASCII": self = ScalarSet(0...0x7F)
        default:
            guard let categories = Self.categories[name] else { return nil }
            self.init(categories: categories)
        }
    }

    private static let categories: [String: Set<Category>] = {
        let single: [(String, String, Category)] = [
            ("Lu", "Uppercase_Letter", .uppercaseLetter),
            ("Ll", "Lowercase_Letter", .lowercaseLetter),
            ("Lt", "Titlecase_Letter", .titlecaseLetter),
            ("Lm", "Modifier_Letter", .modifierLetter), ("Lo", "Other_Letter", .otherLetter),
            ("Mn", "Nonspacing_Mark", .nonspacingMark), ("Mc", "Spacing_Mark", .spacingMark),
            ("Me", "Enclosing_Mark", .enclosingMark), ("Nd", "Decimal_Number", .decimalNumber),
            ("Nl", "Letter_Number", .letterNumber), ("No", "Other_Number", .otherNumber),
            ("Pc", "Connector_Punctuation", .connectorPunctuation),
            ("Pd", "Dash_Punctuation", .dashPunctuation),
            ("Ps", "Open_Punctuation", .openPunctuation),
            ("Pe", "Close_Punctuation", .closePunctuation),
            ("Pi", "Initial_Punctuation", .initialPunctuation),
            ("Pf", "Final_Punctuation", .finalPunctuation),
            ("Po", "Other_Punctuation", .otherPunctuation),
            ("Sm", "Math_Symbol", .mathSymbol), ("Sc", "Currency_Symbol", .currencySymbol),
            ("Sk", "Modifier_Symbol", .modifierSymbol), ("So", "Other_Symbol", .otherSymbol),
            ("Zs", "Space_Separator", .spaceSeparator),
            ("Zl", "Line_Separator", .lineSeparator),
            ("Zp", "Paragraph_Separator", .paragraphSeparator),
            ("Cc", "Control", .control), ("Cf", "Format", .format),
            ("Cs", "Surrogate", .surrogate), ("Co", "Private_Use", .privateUse),
            ("Cn", "Unassigned", .unassigned),
        ]
        let groups = [
            "L": "Letter", "M": "Mark", "N": "Number", "P": "Punctuation", "S": "Symbol",
            "Z": "Separator", "C": "Other",
        ]
        var table: [String: Set<Category>] = [:]
        for (short, long, category) in single {
            table[short] = [category]
            table[long] = [category]
            let group = String(short.prefix(1))
            table[group, default: []].insert(category)
            table[groups[group] ?? group, default: []].insert(category)
        }
        table["digit"] = table["Nd"]
        table["punct"] = table["P"]
        return table
    }()
}
