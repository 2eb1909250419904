/// A strict JSON reader over bytes (RFC 8259): limited depth and size, no duplicate keys, no lone
/// surrogates, no text after the value. Errors name the byte offset. Integers must fit 64 bits.
public struct JSONParser {
  /// How deep arrays and objects may nest: recursion never goes further than this.
  public static let maximumDepth = 32
  /// The largest text that is read unless the caller says otherwise.
  public static let maximumSize = 1 << 20

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// Reads one value that takes the whole text, white space around it aside. O(bytes).
  /// - Throws: `PipelineError.malformedJSON`.
  public static func parse(
    _ bytes: some Sequence<UInt8>, maximumSize: Int = maximumSize
  ) throws -> JSONValue {
    let parsed = try bytes.withContiguousStorageIfAvailable {
      try parse(buffer: $0, maximumSize: maximumSize)
    }
    if let parsed { return parsed }
    return try Array(bytes).withUnsafeBufferPointer {
      try parse(buffer: $0, maximumSize: maximumSize)
    }
  }

  private static func parse(
    buffer: UnsafeBufferPointer<UInt8>, maximumSize: Int
  ) throws -> JSONValue {
    guard buffer.count <= maximumSize else {
      throw PipelineError.malformedJSON(
        offset: 0, problem: "the text is longer than \(maximumSize) bytes")
    }
    var parser = JSONParser(bytes: buffer)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == buffer.count else { throw parser.fault("text after the value") }
    return value
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func fault(_ problem: String, at offset: Int? = nil) -> PipelineError {
    .malformedJSON(offset: offset ?? position, problem: problem)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws {
    guard take(byte) else {
      throw fault("'\(Character(Unicode.Scalar(byte)))' is expected")
    }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard let byte = current else { throw fault("the text ends too early") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
    let start = position
    for i in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[i]) else { throw fault("a value is expected", at: start) }
    }
    return value
  }

  private func checkDepth(_ depth: Int) throws {
    guard depth <= Self.maximumDepth else {
      throw fault("nested deeper than \(Self.maximumDepth)")
    }
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    try checkDepth(depth)
    try expect(UInt8(ascii: "["))
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    var values: [JSONValue] = []
    repeat {
      skipSpace()
      values.append(try value(depth: depth))
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(values)
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    try checkDepth(depth)
    try expect(UInt8(ascii: "{"))
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
    var members: [JSONObject.Member] = []
    var starts: [Int] = []
    repeat {
      skipSpace()
      starts.append(position)
      let key = try string()
      skipSpace()
      try expect(UInt8(ascii: ":"))
      skipSpace()
      members.append(JSONObject.Member(key: key, value: try value(depth: depth)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    let (object, duplicate) = JSONObject.sorting(members)
    if let duplicate {
      let key = Escaping.printable(members[duplicate].key)
      throw fault("key \"\(key)\" stands twice", at: starts[duplicate])
    }
    return .object(object)
  }
}

// MARK: - Numbers

extension JSONParser {
  private mutating func digits() -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let first = current
    let whole = digits()
    guard whole > 0 else { throw fault("a value is expected", at: start) }
    guard whole == 1 || first != UInt8(ascii: "0") else {
      throw fault("a number cannot begin with 0", at: start)
    }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard digits() > 0 else { throw fault("a digit is expected") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { throw fault("a digit is expected") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole {
      guard let value = Int(text) else {
        throw fault("the integer does not fit 64 bits", at: start)
      }
      return .int(value)
    }
    guard let value = Double(text), value.isFinite else {
      throw fault("the number is too large", at: start)
    }
    return .double(value)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws -> String {
    try expect(UInt8(ascii: "\""))
    let start = position
    // The plain case first: no escape, so the text is one slice.
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    var decoded = Array(bytes[start..<position])
    while !take(UInt8(ascii: "\"")) {
      guard let byte = current else { throw fault("the string does not end", at: start - 1) }
      guard byte >= 0x20 else { throw fault("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &decoded)
      } else {
        decoded.append(byte)
      }
    }
    if let bad = decoded.withUnsafeBufferPointer({ UTF8Scanner.firstMalformed(in: $0) }) {
      throw fault("malformed UTF-8 in a string (byte \(bad) of it)", at: start - 1)
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  private mutating func escape(into decoded: inout [UInt8]) throws {
    let start = position - 1
    guard let byte = current else { throw fault("the string does not end", at: start) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "u"):
      var value = try fourDigits()
      if value & 0xFC00 == 0xD800 {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw fault("a lone surrogate", at: start)
        }
        let low = try fourDigits()
        guard low & 0xFC00 == 0xDC00 else { throw fault("a lone surrogate", at: start) }
        value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(value) else { throw fault("a lone surrogate", at: start) }
      decoded.append(contentsOf: String(Character(scalar)).utf8)
    default: throw fault("an unknown escape", at: start)
    }
  }

  private mutating func fourDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits are expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
