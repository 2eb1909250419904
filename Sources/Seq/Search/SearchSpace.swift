import Glibc
public import Pipeline

/// The options among which a search chooses, and how it draws them.
public struct SearchSpace: Sendable, Hashable {
  /// What one option may be.
  public enum Choice: Sendable, Hashable {
    case fixed(JSONValue)
    /// One of a list, each as often.
    case oneOf([JSONValue])
    /// Even between two limits.
    case uniform(ClosedRange<Double>)
    /// Even in logarithm between two limits above 0.
    case logUniform(ClosedRange<Double>)
    /// A whole number, each as often.
    case integer(ClosedRange<Int>)
  }

  /// The options, sorted by the bytes of their names.
  public private(set) var choices: [(name: String, choice: Choice)]
  /// The space as it was given.
  public let json: JSONObject

  /// Reads `{"hidden": [64, 128], "dropout": {"uniform": [0, 0.6]}, "epochs": 12}`: a list is a
  /// choice, `uniform`, `log` and `integer` have their limits, all else is fixed.
  /// - Throws: `SeqError.invalidOption` for anything else.
  public init(_ json: JSONObject) throws {
    self.json = json
    choices = try json.members.map { ($0.key, try Self.choice($0.value, name: $0.key)) }
  }

  /// The options of one trial: a function of (seed, its number), of nothing else. Numbers between
  /// limits are rounded to three digits.
  public func sample(trial: Int, seed: UInt64) -> JSONObject {
    var random = RandomGenerator(seed: seed, stream: UInt64(trial), 0x7475_6e65)
    return JSONObject(choices.map { ($0.name, $0.choice.sample(&random)) })
  }

  private static func choice(_ value: JSONValue, name: String) throws -> Choice {
    func fault(_ reason: String) -> SeqError {
      .invalidOption(name: name, value: value.text(), reason: reason)
    }
    if let list = value.arrayValue {
      guard !list.isEmpty else { throw fault("must have something to choose from") }
      return .oneOf(list)
    }
    guard let object = value.objectValue else { return .fixed(value) }
    guard object.count == 1, let member = object.members.first,
      let limits = member.value.arrayValue, limits.count == 2,
      let low = limits[0].doubleValue, let high = limits[1].doubleValue, low <= high
    else { throw fault("must be {uniform|log|integer: [low, high]}") }
    switch member.key {
    case "uniform": return .uniform(low...high)
    case "log":
      guard low > 0 else { throw fault("must have limits above 0") }
      return .logUniform(low...high)
    case "integer":
      guard let low = limits[0].intValue, let high = limits[1].intValue else {
        throw fault("must have whole limits")
      }
      return .integer(low...high)
    default: throw fault("must be {uniform|log|integer: [low, high]}")
    }
  }

  public static func == (a: SearchSpace, b: SearchSpace) -> Bool { a.json == b.json }

  public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

extension SearchSpace.Choice {
  fileprivate func sample(_ random: inout RandomGenerator) -> JSONValue {
    switch self {
    case .fixed(let value): value
    case .oneOf(let values): values[Int.random(in: values.indices, using: &random)]
    case .uniform(let limits):
      .double(Self.rounded(random.uniform(limits.lowerBound, limits.upperBound), limits))
    case .logUniform(let limits):
      .double(
        Self.rounded(exp(random.uniform(log(limits.lowerBound), log(limits.upperBound))), limits))
    case .integer(let limits): .int(Int.random(in: limits, using: &random))
    }
  }

  /// Three digits, within the limits.
  private static func rounded(_ value: Double, _ limits: ClosedRange<Double>) -> Double {
    guard value != 0 else { return 0 }
    let digits = 2 - Int(floor(log10(abs(value))))
    // A power of ten with a whole exponent is exact, so the quotient is the nearest number.
    let power = pow(10, Double(abs(digits)))
    let rounded =
      digits >= 0 ? (value * power).rounded() / power : (value / power).rounded() * power
    return min(max(rounded, limits.lowerBound), limits.upperBound)
  }
}
