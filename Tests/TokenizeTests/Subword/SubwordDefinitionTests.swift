import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct SubwordDefinitionTests {
  /// A small tokenizer with one part put in the place of `null`.
  static func source(_ key: String, _ value: String) -> [UInt8] {
    var parts = [
      "normalizer": "null", "pre_tokenizer": "null", "post_processor": "null", "decoder": "null",
      "model": #"{"type":"WordLevel","vocab":{"<unk>":0,"a":1,"b":2},"unk_token":"<unk>"}"#,
    ]
    parts[key] = value
    let members = parts.keys.sorted().map { "\"\($0)\":\(parts[$0] ?? "null")" }
    return Array("{\"version\":\"1.0\",\(members.joined(separator: ","))}".utf8)
  }

  static func message(_ source: [UInt8]) -> String {
    do {
      _ = try SubwordDefinition(source: source, file: "t.json")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("normalizer", #"{"type":"NFX"}"#, "t.json:normalizer.type: unknown type \"NFX\""),
    (
      "pre_tokenizer", #"{"type":"Sequence","pretokenizers":[{"type":"Foo"}]}"#,
      "t.json:pre_tokenizer.pretokenizers[0].type: unknown type \"Foo\""
    ),
    ("decoder", #"{"type":"CTC"}"#, "t.json:decoder.type: \"CTC\" decodes speech"),
    ("decoder", #"{"type":"Bar"}"#, "t.json:decoder.type: unknown type \"Bar\""),
    ("post_processor", #"{"type":"Baz"}"#, "t.json:post_processor.type: unknown type \"Baz\""),
    ("model", #"{"type":"Qux","vocab":{}}"#, "t.json:model.type: unknown type \"Qux\""),
    (
      "model", #"{"type":"BPE","vocab":{"a":0},"merges":["a b"]}"#,
      "t.json:model.merges[0]: has a token that is not in the vocabulary"
    ),
    ("model", #"{"type":"WordLevel","vocab":{"a":-1}}"#, "t.json:model.vocab.a: must be an id"),
    ("model", #"{"type":"BPE","dropout":0.1,"vocab":{},"merges":[]}"#, "t.json:model.dropout: "),
    (
      "pre_tokenizer",
      #"{"type":"Split","pattern":{"Regex":"(["},"behavior":"Isolated","invert":false}"#,
      "t.json:pre_tokenizer.pattern.Regex: ICU does not understand it"
    ),
    (
      "normalizer", #"{"type":"Precompiled","precompiled_charsmap":"!"}"#,
      "t.json:normalizer.precompiled_charsmap: is not base64"
    ),
  ])
  func namesThePlace(key: String, value: String, expected: String) {
    let message = Self.message(Self.source(key, value))
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func readsTheSmallOne() throws {
    let tokenizer = try SubwordDefinition(
      source: Self.source("decoder", "null"), file: "t.json"
    ).tokenizer
    #expect(try tokenizer.encode("a") == [1])
    #expect(try tokenizer.encode("c") == [0])
    #expect(try tokenizer.decode([1, 2, 99]) == "a b")
    #expect(tokenizer.id(of: "b".utf8) == 2)
    #expect(tokenizer.idBound == 3)
  }

  /// Forty steps, each of which doubles a text, would make 10^12 bytes of one.
  @Test func aTextDoesNotGrowWithoutLimit() throws {
    let double = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
    let bytes =
      #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}"#
    let long = String(repeating: "a", count: 70_000)
    func sequence(_ key: String, _ step: String) -> String {
      "{\"type\":\"Sequence\",\"\(key)\":[\(repeatElement(step, count: 40).joined(separator: ","))]}"
    }
    let tooLong = TokenizeError.textTooLong(limit: 65_536)
    for (key, value) in [
      ("normalizer", sequence("normalizers", double)),
      ("normalizer", double.replacing("\"aa\"", with: "\"\(long)\"")),
      ("pre_tokenizer", sequence("pretokenizers", bytes)),
    ] {
      let definition = try SubwordDefinition(source: Self.source(key, value), file: "t.json")
      #expect(throws: tooLong, "\(key)") { try definition.tokenizer.encode("aé") }
    }
    let decoder = Self.source("decoder", sequence("decoders", double))
    let tokenizer = try SubwordDefinition(source: decoder, file: "t.json").tokenizer
    #expect(throws: tooLong) { try tokenizer.decode([1]) }
    #expect(try tokenizer.encode("a") == [1])
  }

  @Test func namesTheRecordOfAnUnknownWord() throws {
    let model = #"{"type":"WordLevel","vocab":{"a":0},"unk_token":"<unk>"}"#
    let stage = SubwordEncode(
      definition: try SubwordDefinition(source: Self.source("model", model), file: "t.json"))
    var runner = stage.makeRunner(RunContext())
    #expect(throws: TokenizeError.unknownToken(bytes: Array("b".utf8), record: 1)) {
      try runner.consume(TextChunk(["a", "b"]))
    }
  }

  /// A damaged file is refused or gives some tokenizer; it never brings the program down.
  @Test(arguments: ["t5.json", "llama.json", "spm-bpe.model", "spm-unigram.model"])
  func survivesDamage(file: String) throws {
    let whole = try readFile(BPETrainerTests.folder + "/" + file)
    var random = RandomText(seed: 23)
    var refused = 0
    for round in 0..<60 {
      var bytes = whole
      if round % 3 == 0 {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      } else {
        for _ in 0..<(round % 5 + 1) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      }
      do {
        let tokenizer = try SubwordDefinition(source: bytes, file: file).tokenizer
        for text in NaughtyText.records.prefix(30) { _ = try? tokenizer.encode(text) }
      } catch is TokenizeError {
        refused += 1
      }
    }
    #expect(refused >= 15)
  }

  /// The scanners of common patterns cut as ICU's regular expressions do.
  @Test(arguments: [
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
  ])
  func scannersEqualTheirPatterns(pattern: String) throws {
    var random = RandomText(seed: 29)
    let ascii = (0..<400).map { _ in
      String(decoding: random.ascii("aB1'sTlLdvrem \n\r.,", length: 30), as: UTF8.self)
    }
    let chunk = TextChunk(NaughtyText.records + ascii + random.texts(300))
    let spans = try [pattern, "(?:\(pattern))"].map { pattern in
      let escaped = JSONValue.string(pattern).text()
      let split =
        #"{"type":"Split","pattern":{"Regex":\#(escaped)},"behavior":"Isolated","invert":false}"#
      let stage = SubwordTokenize(
        definition: try SubwordDefinition(
          source: Self.source("pre_tokenizer", split), file: "t.json"))
      var runner = stage.makeRunner(RunContext(tracksOffsets: true))
      let tokens = try runner.consume(chunk)
      return (0..<chunk.count).map { record in tokens.tokens(record).map { tokens.spans?[$0] } }
    }
    #expect(spans[0].joined().count > 2000)
    for record in 0..<chunk.count {
      #expect(spans[0][record] == spans[1][record], "\(chunk.string(record).debugDescription)")
    }
  }
}
