public import Pipeline

/// Where a training stands between two steps: all that it takes to go on as if it had never stopped.
///
/// Random numbers need no place in it: each is drawn from a stream that the seed and the number of
/// the step name.
public struct TrainingSnapshot: Sendable, Hashable {
  /// Counters, sums and what must agree between the run that saved and the one that goes on.
  public var numbers: JSONObject
  /// Weights, moments and states, by name.
  public var arrays: [String: [Float]]

  public init(numbers: JSONObject = JSONObject(), arrays: [String: [Float]] = [:]) {
    self.numbers = numbers
    self.arrays = arrays
  }

  /// The figures of the epoch whose weights would be kept if the training ended here.
  /// - Throws: `SeqError.unusableSnapshot`.
  public func kept() throws -> EpochReport? { try value("kept") }

  /// The whole number called `name`.
  /// - Throws: `SeqError.unusableSnapshot`.
  func int(_ name: String) throws -> Int {
    guard case .int(let value)? = numbers[name] else {
      throw SeqError.unusableSnapshot("\(name) is not a whole number")
    }
    return value
  }

  /// The count called `name`: a whole number of those that a training can reach, so that to count on
  /// never overflows.
  func count(_ name: String, in range: ClosedRange<Int> = 0...1 << 48) throws -> Int {
    let value = try int(name)
    guard range.contains(value) else {
      throw SeqError.unusableSnapshot("\(name) is \(value), which no training reaches")
    }
    return value
  }

  /// The number called `name`.
  func double(_ name: String) throws -> Double {
    guard let value = numbers[name]?.doubleValue else {
      throw SeqError.unusableSnapshot("\(name) is not a number")
    }
    return value
  }

  /// The value called `name`; `nil` for null.
  func value<Value: Decodable>(_ name: String) throws -> Value? {
    guard let value = numbers[name], value != .null else { return nil }
    do {
      return try value.decode(Value.self)
    } catch {
      throw SeqError.unusableSnapshot("\(name) cannot be read")
    }
  }

  /// Checks that the run that saved this had the same data and options.
  func checkIdentity(_ identity: JSONObject) throws {
    guard case .object(let saved)? = numbers["identity"] else {
      throw SeqError.unusableSnapshot("it does not say which")
    }
    for key in identity.keys where saved[key] != identity[key] {
      throw SeqError.unusableSnapshot("\(key) differs")
    }
  }

  /// Adds all of another snapshot, its names with a prefix.
  mutating func add(_ part: TrainingSnapshot, prefix: String) {
    for member in part.numbers.members { numbers[prefix + member.key] = member.value }
    for (name, array) in part.arrays { arrays[prefix + name] = array }
  }

  /// What was added with a prefix; `nil` where nothing was.
  func part(_ prefix: String) -> TrainingSnapshot? {
    func inner(_ name: String) -> String? {
      name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
    let part = TrainingSnapshot(
      numbers: JSONObject(
        numbers.members.compactMap { member in inner(member.key).map { ($0, member.value) } }),
      arrays: Dictionary(
        uniqueKeysWithValues: arrays.compactMap { name, array in inner(name).map { ($0, array) } }))
    return part.numbers.isEmpty && part.arrays.isEmpty ? nil : part
  }

  /// Whether every number of every array is finite.
  var isFinite: Bool {
    // A finite number times zero is zero, and anything else is not; so one sum tells.
    arrays.values.allSatisfy { $0.reduce(0) { $0 + $1 * 0 } == 0 }
  }

  /// The array called `name`.
  func array(_ name: String, count: Int) throws -> [Float] {
    guard let array = arrays[name], array.count == count else {
      throw SeqError.unusableSnapshot("\(name) does not have \(count) numbers")
    }
    return array
  }
}

extension ParameterVector<Float> {
  /// All elements.
  var elements: [Float] { Array(UnsafeBufferPointer(start: pointer, count: layout.count)) }

  /// Takes all elements.
  mutating func load(_ elements: [Float]) {
    precondition(elements.count == layout.count, "another number of elements")
    let target = mutablePointer
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { target.update(from: base, count: source.count) }
    }
  }
}
