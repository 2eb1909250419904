import Pipeline

/// On which lines the keys of a JSON text stand, for messages about them.
struct JSONKeyLines {
  private var lines: [[String]: Int] = [:]

  /// - Parameter bytes: a text that the JSON parser has accepted.
  init(_ bytes: [UInt8]) throws {
    var path: [String] = []
    var isObject: [Bool] = []
    var awaitsKey = false
    var line = 1
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case 0x0A: line += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        path.append("")
        awaitsKey = bytes[i] == UInt8(ascii: "{")
        isObject.append(awaitsKey)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        path.removeLast()
        isObject.removeLast()
        awaitsKey = false
      case UInt8(ascii: ","): awaitsKey = isObject.last ?? false
      case UInt8(ascii: "\""):
        let end = Self.end(ofStringAt: i, in: bytes)
        if awaitsKey {
          path[path.count - 1] = try JSONParser.parse(bytes[i..<end]).stringValue ?? ""
          awaitsKey = false
          lines[path] = line
        }
        i = end - 1
      default: break
      }
      i += 1
    }
  }

  /// The line of a key, which is found by the keys that lead to it.
  func line(_ path: [String]) -> Int { lines[path] ?? 1 }

  /// Behind the closing quote.
  private static func end(ofStringAt start: Int, in bytes: [UInt8]) -> Int {
    var i = start + 1
    while i < bytes.count, bytes[i] != UInt8(ascii: "\"") {
      i += bytes[i] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(i + 1, bytes.count)
  }
}
