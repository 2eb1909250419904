import Pipeline
import Seq
import Tokenize

/// A good way to train a classifier on given data: which stages, which network, how long.
///
/// Short records of few words (names, codes) are read by character, all else by word. The figures
/// were chosen on the surname set and on lines of prose by source; `docs/recipes.md` has them.
struct ClassifierRecipe {
  /// What a record is cut into.
  enum Unit: String, CaseIterable {
    case character = "char"
    case word
  }

  var unit: Unit
  /// The n-grams whose weights go straight to the logits; `nil` for none.
  var ngrams: ClosedRange<Int>?
  var architecture = ClassifierOptions()
  var training = TrainingOptions()

  /// The recipe for the given training texts.
  init(for text: TextChunk, unit: Unit? = nil) {
    let statistics = TextStatistics(text)
    let isShort = statistics.meanCharacters <= 40 && statistics.meanWords <= 4
    self.unit = unit ?? (isShort ? .character : .word)
    architecture.layers = 2
    architecture.pooling = "max+mean+last"
    training.dropout = 0.5
    training.learningRate = 3e-3
    switch self.unit {
    case .character:
      ngrams = 1...4
      training.epochs = Self.epochs(16, at: 14_000, for: statistics.count)
    case .word:
      ngrams = 1...2
      architecture.layers = 1
      architecture.maximumLength = 256
      training.epochs = Self.epochs(8, at: 14_000, for: statistics.count)
    }
  }

  /// More epochs for less data, with the square root: many steps cost little where data is small.
  private static func epochs(_ epochs: Int, at count: Int, for given: Int) -> Int {
    let factor = (Double(count) / Double(max(1, given))).squareRoot()
    return min(60, max(3, Int((Double(epochs) * factor).rounded())))
  }

  /// Learns n-grams and vocabulary from the texts and sets the sizes that follow from them.
  ///
  /// - Returns: the chain from text to ids, without the classifier.
  mutating func fitStages(on text: TextChunk) throws -> Chain {
    var stages = try normalizers().map { AnyStage($0) }
    stages.append(AnyStage(segmenter))
    var tokens = try Chain(stages).run(text, as: TokenChunk.self)
    architecture.features = 0
    if let ngrams {
      let stage = try NGramFeatures.fit(
        NGramFeatures.Options(minimum: ngrams.lowerBound, maximum: ngrams.upperBound),
        on: [tokens])
      stages.append(AnyStage(stage))
      architecture.features = stage.featureCount
      tokens = try Chain([AnyStage(stage)]).run(tokens, as: TokenChunk.self)
    }
    let vocabulary = try VocabularyStage.fit(vocabularyOptions, on: [tokens])
    stages.append(AnyStage(vocabulary))
    architecture.symbols = vocabulary.vocabulary.count
    return try Chain(stages)
  }

  private func normalizers() throws -> [any Stage] {
    var options = NormalizeUnicode.Options()
    options.form = unit == .character ? .nfc : .nfkc
    let form = NormalizeUnicode(options: options)
    switch unit {
    case .character: return [form, NormalizeWhitespace()]
    case .word: return [form, try NormalizeCase(), NormalizeWhitespace()]
    }
  }

  private var segmenter: SegmentUnicode {
    SegmentUnicode(options: SegmentUnicode.Options(by: unit == .character ? .grapheme : .word))
  }

  private var vocabularyOptions: VocabularyStage.Options {
    switch unit {
    case .character: VocabularyStage.Options(unknown: .fold, appendEnd: true)
    case .word: VocabularyStage.Options(minCount: 2, maxSize: 30_000, appendEnd: true)
    }
  }
}
