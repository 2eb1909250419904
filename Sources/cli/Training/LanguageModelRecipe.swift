import Pipeline
import Seq
import Tokenize

/// A good way to train a language model on a given text: which stages, which network, how long.
struct LanguageModelRecipe {
  /// What a record is cut into.
  enum Unit: String, CaseIterable, Codable {
    case character = "char"
    case word
    case subword = "bpe"
  }

  var unit: Unit
  /// The most symbols of the vocabulary.
  var vocabularySize: Int
  var architecture = LanguageModelOptions()
  var training = LanguageModelTraining()

  /// - Parameter unit: what to cut records into.
  init(unit: Unit) {
    self.unit = unit
    switch unit {
    case .character:
      vocabularySize = 4096
      training.epochs = 20
      training.regularization.dropout = 0.1
    case .word, .subword:
      vocabularySize = unit == .word ? 30_000 : 8192
      architecture.embedding = 256
      architecture.tied = true
      training.epochs = 12
      training.batchSize = 32
      training.bptt = 35
      training.regularization.dropout = 0.4
      training.learningRate = 2e-3
    }
  }

  /// Learns the vocabulary from the text and sets the sizes that follow from it.
  ///
  /// - Returns: the chain from text to ids.
  mutating func fitStages(on text: TextChunk) throws -> Chain {
    var stages: [AnyStage] = []
    switch unit {
    case .subword:
      let options = SubwordEncode.Options(
        specialTokens: false,
        training: BPETrainingOptions(
          vocabularySize: vocabularySize, specialTokens: [Vocabulary.endToken]))
      let stage = try SubwordEncode.fit(options, on: [text])
      stages = [AnyStage(stage)]
      architecture.symbols = stage.definition.tokenizer.idBound
      architecture.end = 0
    case .character, .word:
      stages = [
        AnyStage(
          SegmentUnicode(options: .init(by: unit == .word ? .whitespace : .grapheme)))
      ]
      let tokens = try Chain(stages).run(text, as: TokenChunk.self)
      let vocabulary = try VocabularyStage.fit(
        VocabularyStage.Options(maxSize: vocabularySize), on: [tokens])
      stages.append(AnyStage(vocabulary))
      architecture.symbols = vocabulary.vocabulary.count
      architecture.end = Int(vocabulary.vocabulary.id(of: Vocabulary.endToken) ?? 0)
    }
    return try Chain(stages)
  }
}
