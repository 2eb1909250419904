public import Pipeline

/// What an examination of labelled data found.
public struct DataReport: Sendable, Hashable {
  /// How often something was found, and the first places.
  public struct Finding: Sendable, Hashable {
    /// How many places are kept.
    public static let placeLimit = 10

    public private(set) var count = 0
    /// `FILE:LINE:OFFSET`, or the number of a record, counted from 1 without empty lines.
    public private(set) var places: [String] = []

    public init() {}

    public mutating func add(_ place: @autoclosure () -> String) {
      count += 1
      if places.count < Self.placeLimit { places.append(place()) }
    }
  }

  /// Lengths of texts in Unicode scalars.
  public struct Lengths: Sendable, Hashable {
    public var minimum = 0
    public var median = 0
    /// Nineteen of twenty texts are at most so long.
    public var percentile95 = 0
    public var maximum = 0
  }

  public var records = 0
  /// The classes in the order of their names' bytes, with the number of their records.
  public var classes: [(name: String, count: Int)] {
    get { zip(classNames, classCounts).map { ($0, $1) } }
    set { (classNames, classCounts) = (newValue.map(\.name), newValue.map(\.count)) }
  }
  private var classNames: [String] = []
  private var classCounts: [Int] = []
  public var lengths = Lengths()
  /// Lines with malformed UTF-8.
  public var malformed = Finding()
  public var emptyTexts = Finding()
  /// Texts that are composed (NFC) and would be other bytes decomposed.
  public var composed = Finding()
  /// Texts that are not in NFC.
  public var decomposed = Finding()
  /// Records whose text and label stood before.
  public var duplicates = Finding()
  /// Records whose text stood before with another label.
  public var conflicts = Finding()
  /// Records of the development data whose text stands in the training data.
  public var leaks = Finding()

  public init() {}

  /// Whether one text is composed and another is not: equal words are then not equal bytes.
  public var mixesNormalForms: Bool { composed.count > 0 && decomposed.count > 0 }

  /// What is wrong, each with what to do; empty for sound data.
  public var problems: [(name: String, finding: Finding, advice: String)] {
    let all = [
      ("malformed_utf8", malformed, "repair the file, or see --invalid"),
      ("mixed_normal_forms", mixesNormalForms ? decomposed : Finding(), "seqtool normalize"),
      ("empty_texts", emptyTexts, "remove them"),
      ("duplicates", duplicates, "seqtool run --stage records.deduplicate"),
      ("conflicting_labels", conflicts, "decide which label is right"),
      ("leaks", leaks, "remove them from the training data"),
    ]
    return all.filter { $0.1.count > 0 }
  }

  /// One object with every figure.
  public var json: JSONValue {
    var object = JSONObject()
    object["records"] = .int(records)
    object["classes"] = .object(JSONObject(classes.map { ($0.name, JSONValue.int($0.count)) }))
    object["lengths"] = [
      "minimum": .int(lengths.minimum), "median": .int(lengths.median),
      "p95": .int(lengths.percentile95), "maximum": .int(lengths.maximum),
    ]
    object["normal_forms"] = ["nfc": .int(composed.count), "other": .int(decomposed.count)]
    object["problems"] = .array(
      problems.map {
        [
          "problem": .string($0.name), "count": .int($0.finding.count),
          "places": .array($0.finding.places.map(JSONValue.string)),
        ]
      })
    return .object(object)
  }
}
