import Pipeline
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(text.utf8) }

  @Test(arguments: Self.validTexts)
  func validTextsAreRead(text: String, expected: JSONValue) throws {
    #expect(try parse(text) == expected)
  }

  private static let validTexts: [(String, JSONValue)] = [
    ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-17", -17),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("1.5", 1.5), ("-0.0", .double(-0.0)), ("1e3", .double(1000)), ("25E-2", 0.25),
    ("\"\"", ""), (#""a\n\u00e9\ud83d\ude00\/\"""#, "a\né😀/\""),
    ("[]", []), ("[1, [true]]", [1, [true]]),
    ("{}", [:]), (#"{"b":1,"a":{"c":null}}"#, ["a": ["c": .null], "b": 1]),
    ("\t\r\n[\n]\n", []),
  ]

  @Test(arguments: [
    ("", 0), (" ", 1), ("nul", 0), ("tru", 0), ("01", 0), ("-", 0), ("+1", 0), (".5", 0), ("1.", 2),
    ("1e", 2), ("1e400", 0), ("9223372036854775808", 0), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3),
    ("[", 1), ("{", 1), ("{\"a\"}", 4), ("{\"a\":1,}", 7), ("{a:1}", 1), ("1 1", 2),
    (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":3}"#, 7),
    ("\"a", 0), ("\"\u{1}\"", 1), (#""\x""#, 1), (#""\ud800""#, 1), (#""\udc00""#, 1),
    (#""\ud800\u0041""#, 1), (#""\u12g4""#, 5), ("\u{FEFF}1", 0),
  ])
  func faultsNameTheirOffset(text: String, offset: Int) throws {
    let error = try #require(throws: PipelineError.self) { try parse(text) }
    guard case .malformedJSON(let found, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(found == offset, "\(error)")
  }

  @Test func malformedUTF8IsRefused() {
    #expect(throws: PipelineError.self) { try JSONParser.parse([0x22, 0xC3, 0x22]) }
  }

  @Test func depthIsLimitedAndNeverOverflowsTheStack() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(JSONParser.maximumDepth))
    #expect(throws: PipelineError.self) { try parse(nested(JSONParser.maximumDepth + 1)) }
    #expect(throws: PipelineError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: PipelineError.self) {
      try parse(String(repeating: "{\"a\":", count: 200_000))
    }
  }

  @Test func sizeIsLimited() {
    #expect(throws: PipelineError.self) { try JSONParser.parse("[1, 2]".utf8, maximumSize: 5) }
  }

  @Test func keysThatDifferInBytesAreTwoKeys() throws {
    let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }

  @Test func manyKeysInFallingOrderAreReadInTime() throws {
    let members = (0..<20_000).reversed().map { "\"\(100_000 + $0)\":\($0)" }
    let value = try parse("{" + members.joined(separator: ",") + "}")
    #expect(value.objectValue?.count == 20_000)
    #expect(value["100007"] == 7)
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    var generator = SeededGenerator(1)
    for _ in 0..<500 {
      let value = randomValue(depth: 0, &generator)
      let bytes = value.bytes()
      let again = try JSONParser.parse(bytes)
      #expect(again == value)
      #expect(again.bytes() == bytes)
    }
  }

  /// Every cut and every change of a byte gives a value or an error, and no crash.
  @Test func damagedTextsNeverCrash() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}}"#.utf8)
    var refused = 0
    for i in text.indices {
      #expect(throws: PipelineError.self) { try JSONParser.parse(text[..<i]) }
      for byte in UInt8.min...UInt8.max where byte != text[i] {
        var changed = text
        changed[i] = byte
        do { _ = try JSONParser.parse(changed) } catch is PipelineError { refused += 1 }
      }
    }
    #expect(refused > text.count * 100)
  }

  private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .int(.random(in: .min ... .max, using: &generator))
    case 3:
      let value = Double(bitPattern: generator.next())
      return .double(value.isFinite ? value : 0.1)
    case 4: return .string(randomText(&generator))
    case 5:
      return .array((0..<3).map { _ in randomValue(depth: depth + 1, &generator) })
    default:
      return .object(
        JSONObject(
          (0..<3).map { _ in
            (randomText(&generator), randomValue(depth: depth + 1, &generator))
          }))
    }
  }

  private func randomText(_ generator: inout SeededGenerator) -> String {
    let alphabet: [Character] = [
      "a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "e\u{301}", "😀", "/",
    ]
    return String((0..<4).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
  }
}
