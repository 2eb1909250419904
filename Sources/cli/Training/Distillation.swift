import Pipeline
import Seq
import Tokenize

/// Soft labels for made-up records by teachers: several networks of the recipe's own kind, trained
/// first, and an n-gram model for each class; what they say together is what the small network then
/// learns beside the true labels (Hinton, Vinyals and Dean, 2015).
struct Distillation: Codable, Hashable {
  /// How many networks.
  var teachers = 5
  /// H and layers of a teacher; every other one is a GRU.
  var hidden = 128
  var layers = 2
  /// How many records are made up.
  var pseudoRecords = 60_000
  /// What the n-gram model's logits are divided by, being far too sure of itself.
  var ngramTemperature = 2.0

  /// Trains the teachers and asks them.
  func softExamples(
    _ train: ClassifierExamples, dev: ClassifierExamples?, labels: [String], stages: Chain,
    recipe: ClassifierRecipe, threads: Int, onEvent: (String?, TrainingEvent) throws -> Void
  ) throws -> ClassifierExamples {
    let pseudo = try pseudoRecords(train, labels: labels, stages: stages, recipe: recipe)
    let ngrams = try ClassNGramModel(
      train, labels: labels, symbolCount: recipe.architecture.symbols)
    var predictions = [
      ngrams.predict(pseudo, temperature: ngramTemperature, threads: threads)
    ]
    for number in 1...max(1, teachers) {
      var architecture = recipe.architecture
      architecture.hidden = hidden
      architecture.layers = layers
      architecture.cell = number.isMultiple(of: 2) ? "gru" : "lstm"
      var training = recipe.training
      training.seed = training.seed &* 1000 &+ UInt64(number)
      let trainer = try ClassifierTrainer(
        architecture: architecture, training: training, labels: labels)
      let teacher = try trainer.fit(train: train, dev: dev, threads: threads) {
        try onEvent("teacher \(number) of \(teachers)", $0)
      }
      predictions.append(
        try Chain([AnyStage(teacher)]).run(pseudo, as: PredictionChunk.self))
    }
    return ClassifierExamples(
      ids: pseudo, labels: [Int32](repeating: -1, count: pseudo.count),
      distributions: Teachers.mean(
        predictions, weights: [Double](repeating: 1, count: predictions.count)))
  }

  /// The made-up records, through the same stages as every text.
  private func pseudoRecords(
    _ train: ClassifierExamples, labels: [String], stages: Chain, recipe: ClassifierRecipe
  ) throws -> IDChunk {
    guard let vocabulary = stages.first(VocabularyStage.self)?.vocabulary else {
      throw SeqError.unusableData("distillation needs a vocabulary")
    }
    let end = vocabulary.id(of: Vocabulary.endToken)
    var maker = PseudoSequences(
      train, classCount: labels.count, end: end, seed: recipe.training.seed)
    let made = maker.make(pseudoRecords)
    var text = TextChunk()
    for record in 0..<made.count {
      let symbols = made.ids[made.range(record)].filter { $0 != end }
      text.append(symbols.flatMap { vocabulary.token($0) ?? [] })
    }
    return try stages.run(text, as: IDChunk.self)
  }
}
