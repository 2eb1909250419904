import Pipeline
import Seq
import Tokenize

/// A good way to train a tagger on given data: which stages, which network, how long.
struct TaggerRecipe {
  /// Words seen less often are unknown ones.
  var minCount = 2
  var architecture = TaggerOptions()
  var training = TrainingOptions()

  /// - Parameter sentenceCount: how many there are to learn from.
  init(sentenceCount: Int) {
    training.epochs = ClassifierRecipe.epochs(16, for: sentenceCount)
    training.batchSize = 16
    training.learningRate = 3e-3
    training.dropout = 0.4
    training.featureDropout = 0.1
  }

  /// Learns characters and vocabulary from the sentences, finds the scheme of the tags, and sets the
  /// sizes that follow.
  ///
  /// - Returns: the chain from tokens to ids.
  mutating func fitStages(on data: TaggedDataset) throws -> Chain {
    var stages: [AnyStage] = []
    architecture.characters = 0
    if architecture.characterHidden > 0 {
      let characters = try CharacterFeatures.fit(
        CharacterFeatures.Options(), on: [data.sentences])
      stages.append(AnyStage(characters))
      architecture.characters = characters.vocabulary.count
    }
    let vocabulary = try VocabularyStage.fit(
      VocabularyStage.Options(
        specials: [Vocabulary.unknownToken], minCount: minCount, unknown: .fold),
      on: [data.sentences])
    stages.append(AnyStage(vocabulary))
    architecture.symbols = vocabulary.vocabulary.count
    architecture.unknown = Int(vocabulary.vocabulary.id(of: Vocabulary.unknownToken) ?? 0)
    architecture.scheme = TagScheme.detect(
      data.tagNames, sentences: (0..<data.count).map { data.tags[data.sentences.tokens($0)] })
    return try Chain(stages)
  }
}

extension Chain {
  /// Tagged sentences as the trainer wants them.
  func examples(_ data: TaggedDataset) throws -> TaggerExamples {
    TaggerExamples(ids: try run(data.sentences, as: IDChunk.self), tags: data.tags)
  }
}
