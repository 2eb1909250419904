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
  /// What to learn from beside the labels; `nil` for nothing.
  var distillation: Distillation?
  var architecture = ClassifierOptions()
  var training = TrainingOptions()

  /// The recipe for the given training texts.
  ///
  /// - Parameters:
  ///   - unit: what to cut records into, if not what the texts suggest.
  ///   - teacher: what to learn from, if not what suits; `.some(nil)` for nothing.
  init(for text: TextChunk, unit: Unit? = nil, teacher: Distillation.Teacher?? = nil) {
    let statistics = TextStatistics(text)
    let isShort = statistics.meanCharacters <= 40 && statistics.meanWords <= 4
    self.unit = unit ?? (isShort ? .character : .word)
    architecture.pooling = "max+mean+last"
    switch self.unit {
    case .character:
      ngrams = 1...4
      architecture.layers = 2
      let suits = (500...200_000).contains(statistics.count)
      distillation = (teacher ?? (suits ? .ngrams : nil))
        .map { Distillation($0, recordCount: statistics.count) }
    case .word:
      ngrams = 1...2
      architecture.maximumLength = 256
      distillation = teacher?.map { Distillation($0, recordCount: statistics.count) }
    }
    training.dropout = distillation == nil ? 0.5 : 0.3
    training.learningRate = distillation == nil ? 3e-3 : 2e-3
    training.softRatio = distillation?.teacher == .networks ? 2 : 1
    let epochs = self.unit == .word ? 8 : distillation?.teacher == .ngrams ? 12 : 16
    training.epochs = Self.epochs(epochs, for: statistics.count)
  }

  /// The epochs for a data set of another size than 14,000: more for less, with the square root.
  static func epochs(_ epochs: Int, for count: Int) -> Int {
    let factor = (14_000 / Double(max(1, count))).squareRoot()
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
