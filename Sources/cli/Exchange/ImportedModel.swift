import Pipeline
import Seq
import Tokenize

/// Weights from elsewhere with the stages that make them a model.
struct ImportedModel {
  let network: any ExchangeableNetwork
  private let stages: [AnyStage]
  private let icuVersion: String
  private let unicodeVersion: String
  /// Texts, or images as texts, for the self-test of a classifier.
  private let samples: [String]

  /// All of another model but its weights.
  /// - Throws: `SeqError.foreignWeights`; `CLIError.badData` where its network is of no kind that can
  ///   come from elsewhere.
  init(
    like model: LoadedModel, name: String, _ weights: StateDictionary, _ names: StateNames.Given
  ) throws {
    guard let old = model.chain.stages.last?.base as? any ExchangeableNetwork else {
      throw CLIError.badData(
        "\(name): holds no network whose weights can come from elsewhere")
    }
    let new = try old.replacingWeights(by: weights, names: names)
    network = new
    stages = model.chain.stages.dropLast() + [Self.stage(new)]
    icuVersion = model.information.icuVersion
    unicodeVersion = model.information.unicodeVersion
    samples = model.selfTest?.records ?? []
  }

  /// A model of labels, symbols and stages that the user names.
  /// - Throws: `SeqError.foreignWeights`, which names the tensors at fault; `CLIError.badData`.
  init(_ parts: ImportParts, _ weights: StateDictionary, _ names: StateNames.Given) throws {
    let symbolFile = parts.symbols ?? ""
    let symbols = try LineFile.lines(symbolFile)
    let classifier = try Self.classifier(parts, weights, names)
    network = classifier
    guard classifier.options.symbols == symbols.count else {
      throw CLIError.badData(
        "\(symbolFile): has \(symbols.count) symbols, but the embedding has "
          + "\(classifier.options.symbols) rows")
    }
    var plan = PipelinePlan()
    for text in parts.stage { try plan.append(stage: text, place: "--stage '\(text)'") }
    let unit = parts.by ?? .grapheme
    try plan.append(stage: "segment.unicode(by=\(unit.rawValue))", place: "--by")
    let chain = try plan.chain(in: BuiltIn.registry())
    let specials = try Self.specials(symbols)
    let options = VocabularyStage.Options(
      specials: specials, unknown: specials.contains(Vocabulary.unknownToken) ? .unknown : .skip,
      appendEnd: parts.appendEnd)
    let vocabulary = try VocabularyStage(
      options: options, vocabulary: Vocabulary(tokens: symbols, specialCount: specials.count))
    stages = chain.stages + [AnyStage(vocabulary), AnyStage(classifier)]
    icuVersion = UnicodeInfo.icuVersion
    unicodeVersion = UnicodeInfo.unicodeVersion
    let words = symbols.dropFirst(specials.count).prefix(8).map {
      String(decoding: $0, as: UTF8.self)
    }
    samples = [words.joined(separator: unit == .word || unit == .whitespace ? " " : "")] + words
  }

  /// The model file.
  func bytes(provenance: JSONValue) throws -> [UInt8] {
    let chain = try Chain(stages)
    let information = ModelInformation(
      provenance: provenance, icuVersion: icuVersion, unicodeVersion: unicodeVersion)
    let hasTest = network is RecurrentClassifier || network is LeNet && !samples.isEmpty
    let selfTest = hasTest ? try SelfTest(of: chain, records: samples) : nil
    return try ModelFile.bytes(of: chain, information: information, selfTest: selfTest)
  }

  private static func stage(_ network: some ExchangeableNetwork) -> AnyStage { AnyStage(network) }

  /// - Throws: as `init`; an error about the labels names their file.
  private static func classifier(
    _ parts: ImportParts, _ weights: StateDictionary, _ names: StateNames.Given
  ) throws -> RecurrentClassifier {
    let labelFile = parts.labels ?? ""
    let labels = try LineFile.texts(labelFile)
    do {
      return try RecurrentClassifier(
        parts.oneHot ? weights.withOneHotInputs(names) : weights, labels: labels, cell: parts.cell,
        pooling: parts.pooling ?? "last",
        maximumLength: parts.maxLength ?? 1024, names: names)
    } catch SeqError.unusableData(let problem) {
      throw CLIError.badData("\(labelFile): \(problem)")
    }
  }

  /// The leading symbols of the form `<...>`.
  private static func specials(_ symbols: [ArraySlice<UInt8>]) throws -> [String] {
    let special = symbols.prefix { symbol in
      symbol.count > 2 && symbol.first == UInt8(ascii: "<") && symbol.last == UInt8(ascii: ">")
    }
    return try special.map { symbol in
      guard let text = String(validating: symbol, as: UTF8.self) else {
        throw CLIError.badData("symbol \(Escaping.printable(Array(symbol))) is not UTF-8")
      }
      return text
    }
  }
}
