import Pipeline

/// Changes a value somewhere in a JSON text. A string that is JSON itself (the metadata of a model
/// file) is changed inside.
enum JSONMutator {
  private static let integers = [
    0, 1, -1, 2, 255, 256, 1 << 31, (1 << 31) - 1, 1 << 32, 1 << 40, .max, .min, .max - 1,
  ]
  private static let doubles = [0.0, -0.0, -1.5, 1e300, -1e300, 0.1]
  private static let strings = ["", "\u{0}", "é", "a", "\u{10FFFF}", "-1", "1e9", "{}", "<unk>"]

  /// - Returns: `nil` where the text is no JSON.
  static func mutate(_ text: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    guard let value = try? JSONParser.parse(text) else { return nil }
    return mutate(value, &random).bytes()
  }

  static func mutate(_ value: JSONValue, _ random: inout MutationRandom) -> JSONValue {
    switch value {
    case .array(var elements) where !elements.isEmpty && random.below(6) != 0:
      let i = random.below(elements.count)
      switch random.below(8) {
      case 0: elements.remove(at: i)
      case 1: elements.insert(elements[random.below(elements.count)], at: i)
      case 2: elements.swapAt(i, random.below(elements.count))
      default: elements[i] = mutate(elements[i], &random)
      }
      return .array(elements)
    case .object(var object) where !object.isEmpty && random.below(6) != 0:
      let member = object.members[random.below(object.members.count)]
      switch random.below(12) {
      case 0: object[member.key] = nil
      case 1: object[member.key + random.choice(of: strings)] = member.value
      case 2: object[member.key] = object.members[random.below(object.members.count)].value
      default: object[member.key] = mutate(member.value, &random)
      }
      return .object(object)
    case .string(let text):
      if let inner = mutate(Array(text.utf8), &random), inner.count > 2 {
        return .string(String(decoding: inner, as: UTF8.self))
      }
      return scalar(like: value, &random)
    default: return scalar(like: value, &random)
    }
  }

  private static func scalar(like value: JSONValue, _ random: inout MutationRandom) -> JSONValue {
    switch (value, random.below(8)) {
    case (.int(let number), 0...2):
      return .int(number &+ random.choice(of: [-1, 1, 2, 0 &- number, number]))
    case (.int, 3...5): return .int(random.choice(of: integers))
    case (.double, 0...5): return .double(random.choice(of: doubles))
    case (.bool(let flag), 0...5): return .bool(!flag)
    case (.string(let text), 0...5):
      var bytes = Array(text.utf8)
      let place = random.below(bytes.count + 1)
      if random.below(2) == 0, place < bytes.count {
        bytes.remove(at: place)
      } else {
        bytes.insert(contentsOf: random.choice(of: strings).utf8, at: place)
      }
      return .string(String(decoding: bytes, as: UTF8.self))
    default:
      let others: [JSONValue] = [
        .null, .bool(true), .int(random.choice(of: integers)),
        .double(random.choice(of: doubles)), .string(random.choice(of: strings)), .array([]),
        .object(JSONObject()), .array([value, value]), .object(JSONObject([("a", value)])),
      ]
      return random.choice(of: others)
    }
  }
}
