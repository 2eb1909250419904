@testable import Pipeline
@testable import Seq
@testable import Tokenize

/// The smallest models of every kind, with weights that look random.
enum SampleModels {
  private static let texts = TextChunk(["ab ba", "né", "abba 日本"])
  private static let information = ModelInformation(
    provenance: ["seed": 1, "data": "x"], icuVersion: "72.1", unicodeVersion: "15.0")

  static func all() throws -> [[UInt8]] {
    try [
      classifier("lstm", "max"), classifier("gru", "mean+last"), languageModel(), tagger(),
      forecaster(),
      images(),
    ]
  }

  private static func cut(by unit: SegmentUnit) throws -> (
    stage: SegmentUnicode, tokens: TokenChunk
  ) {
    let stage = SegmentUnicode(options: .init(by: unit))
    return (stage, try Chain(stage).run(texts, as: TokenChunk.self))
  }

  private static func classifier(_ cell: String, _ pooling: String) throws -> [UInt8] {
    let (segment, tokens) = try cut(by: .grapheme)
    let grams = try NGramFeatures.fit(.init(minimum: 1, maximum: 2), on: [tokens])
    let vocabulary = try VocabularyStage.fit(.init(), on: [tokens])
    var options = ClassifierOptions()
    (options.cell, options.pooling, options.hidden, options.embedding) = (cell, pooling, 2, 2)
    (options.symbols, options.features) = (vocabulary.vocabulary.count, grams.featureCount)
    let network = try ClassifierNetwork(options, classCount: 2)
    let model = RecurrentClassifier(
      labels: ["one", "two"], network: network,
      parameters: Samples.parameters(network.layout, seed: 1))
    let chain = try Chain(NormalizeUnicode(), segment, grams, vocabulary, model)
    return try ModelFile.bytes(
      of: chain, information: information,
      selfTest: try SelfTest(of: chain, records: ["ab", "né"]))
  }

  private static func languageModel() throws -> [UInt8] {
    let words = ["<unk>", "ab", "ba", "abba"].map { Array($0.utf8) }
    let source = HFTokenizerWriter.bytes(wordLevel: words, unknown: words[0])
    let encode = SubwordEncode(definition: try SubwordDefinition(source: source, file: "t"))
    var options = LanguageModelOptions()
    (options.hidden, options.embedding, options.layers) = (2, 1, 1)
    options.symbols = encode.definition.tokenizer.idBound
    let network = try LanguageModelNetwork(options)
    let model = LanguageModel(
      network: network, parameters: Samples.parameters(network.layout, seed: 2))
    return try ModelFile.bytes(of: Chain(encode, model), information: information)
  }

  private static func tagger() throws -> [UInt8] {
    let (segment, tokens) = try cut(by: .whitespace)
    let characters = try CharacterFeatures.fit(.init(), on: [tokens])
    let vocabulary = try VocabularyStage.fit(.init(), on: [tokens])
    var options = TaggerOptions()
    (options.hidden, options.embedding, options.scheme) = (2, 1, .bio)
    (options.characterEmbedding, options.characterHidden) = (1, 1)
    (options.symbols, options.characters) = (
      vocabulary.vocabulary.count, characters.vocabulary.count
    )
    let labels = ["B-A", "I-A", "O"]
    let network = try TaggerNetwork(options, tagCount: labels.count)
    let model = RecurrentTagger(
      labels: labels, network: network, parameters: Samples.parameters(network.layout, seed: 3))
    return try ModelFile.bytes(
      of: Chain(segment, characters, vocabulary, model), information: information)
  }

  private static func forecaster() throws -> [UInt8] {
    var options = ForecasterOptions()
    (options.hidden, options.window, options.horizon, options.season) = (2, 4, 2, 2)
    var training = TrainingOptions()
    (training.epochs, training.batchSize, training.dropout) = (1, 4, 0)
    let values = (0..<16).map { Double($0 % 4) + 0.1 * Double($0) }
    let model = try ForecasterTrainer(architecture: options, training: training)
      .fit(Series(columns: ["y"], values: values), trainCount: 16)
    return try ModelFile.bytes(of: Chain(model), information: information)
  }

  private static func images() throws -> [UInt8] {
    var options = LeNetOptions()
    (options.height, options.width, options.firstMaps, options.secondMaps) = (12, 12, 1, 1)
    (options.firstHidden, options.secondHidden) = (2, 2)
    let network = try LeNetNetwork(options, classCount: 2)
    var parameters: ParameterVector<Float> = Samples.parameters(network.layout, seed: 4)
    for parameter in network.layout.parameters where parameter.name.hasSuffix("running_var") {
      parameters[parameter] = parameters[parameter].map { abs($0) + 0.1 }
    }
    let model = LeNet(labels: ["one", "two"], network: network, parameters: parameters)
    return try ModelFile.bytes(of: Chain(model), information: information)
  }
}
