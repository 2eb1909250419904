@testable import Pipeline
@testable import Tokenize

/// Hugging Face's `tokenizer.json` and SentencePiece models: whatever is accepted encodes and decodes
/// any text.
struct TokenizerTarget: FuzzTarget {
  private let texts = TextChunk([
    "Hello, world! 123", "", " a  b ", "naïve Ünïcödé ﬁ", "日本語 😀", "\u{0}\u{301}[MASK]<s>",
    String(repeating: "ab", count: 40),
  ])

  /// ICU gives up after a time where a pattern of the file is hard.
  func mayThrow(_ error: any CategorizedError) -> Bool {
    if case .icu? = error as? TokenizeError { return true }
    return error.category != .software
  }

  func test(_ input: [UInt8]) throws {
    let definition = try SubwordDefinition(source: input, file: "t")
    let tokenizer = definition.tokenizer
    let stage = SubwordEncode(definition: definition)
    var runner = AnyStage(stage)
    _ = try AnyStage(stage).options()
    let whole = try run(&runner, texts)
    law(whole.count == texts.count, "\(texts.count) records in, \(whole.count) out")
    for id in whole.ids {
      law(id >= 0 && Int(id) < tokenizer.idBound, "id \(id) of \(tokenizer.idBound)")
    }
    let first = try run(&runner, texts.cut(0..<3)).records
    let second = try run(&runner, texts.cut(3..<texts.count)).records
    law(first + second == whole.records, "another result in two chunks")
    let decoded = try SubwordDecoder(tokenizer).decode(whole, skipsSpecials: true)
    for i in 0..<decoded.count {
      law(String(validating: decoded.bytes(i), as: UTF8.self) != nil, "record \(i) is no text")
    }
    try checkTokens(definition)
  }

  private func run(_ stage: inout AnyStage, _ text: TextChunk) throws -> IDChunk {
    var runner = try stage.makeRunner()
    guard let output = try runner.consume(text) as? IDChunk else { fail("no ids") }
    return output
  }

  /// The same tokens with their places in the text.
  private func checkTokens(_ definition: SubwordDefinition) throws {
    var runner = try AnyStage(SubwordTokenize(definition: definition))
      .makeRunner(RunContext(tracksOffsets: true))
    guard let tokens = try runner.consume(texts) as? TokenChunk else { fail("no tokens") }
    law(tokens.count == texts.count, "\(texts.count) records in, \(tokens.count) out")
    for i in 0..<tokens.count {
      for t in tokens.tokens(i) {
        _ = tokens.token(t)
        guard let span = tokens.spans?[t] else { fail("a token without a place") }
        law(
          span.lowerBound <= span.upperBound && span.upperBound <= texts.range(i).count,
          "token \(t) stands for \(span) of \(texts.range(i).count)")
      }
    }
  }

  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    JSONMutator.mutate(input, &random)
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    let folder = "Tests/TokenizeTests/Subword/Goldens/short"
    let families = [
      "albert", "bert", "chain", "gpt2", "llama", "llama3", "qwen", "roberta", "t5", "wordlevel",
    ]
    let files = try families.map { try Self.shortened(try project.bytes("\(folder)/\($0).json")) }
    let models = try ["spm-bpe", "spm-spaces", "spm-unigram"].map {
      try Self.head(of: try project.bytes("\(folder)/\($0).model"))
    }
    // Longer ones would be cut.
    return (files + models).filter { $0.count <= 8192 }
  }

  /// The file with few of its tokens: mutations then meet the other parts more often.
  private static func shortened(_ bytes: [UInt8]) throws -> [UInt8] {
    guard case .object(var root) = try JSONParser.parse(bytes, maximumSize: .max),
      case .object(var model)? = root["model"]
    else { throw Complaint("not a tokenizer") }
    switch model["vocab"] {
    case .object(let vocabulary)?:
      let first = vocabulary.members.sorted { ($0.value.intValue ?? 0) < ($1.value.intValue ?? 0) }
      model["vocab"] = .object(JSONObject(first.prefix(40).map { ($0.key, $0.value) }))
    case .array(let pieces)?: model["vocab"] = .array(Array(pieces.prefix(40)))
    default: break
    }
    if let merges = model["merges"]?.arrayValue, case .object(let kept)? = model["vocab"] {
      let isWhole = { (merge: JSONValue) -> Bool in
        let parts =
          merge.stringValue?.split(separator: " ").map(String.init)
          ?? merge.arrayValue?.compactMap(\.stringValue) ?? []
        return (parts + [parts.joined()]).allSatisfy { kept[$0] != nil }
      }
      model["merges"] = .array(Array(merges.filter(isWhole).prefix(10)))
    }
    root["model"] = .object(model)
    return JSONValue.object(root).bytes()
  }

  /// The first pieces and all that is not a piece.
  private static func head(of bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBufferPointer { buffer in
      var reader = ProtobufReader(buffer, 0..<buffer.count)
      var output: [UInt8] = []
      var pieces = 0
      while true {
        let start = reader.offset
        guard let (field, _) = try reader.next() else { return output }
        pieces += field == 1 ? 1 : 0
        if field != 1 || pieces <= 30 { output += buffer[start..<reader.offset] }
      }
    }
  }
}
