import Pipeline
import Seq
import Tokenize

/// Soft labels for made-up records by a teacher, which the network learns beside the true labels
/// (Hinton, Vinyals and Dean, 2015): a way for a small network to become as good as a large one.
struct Distillation: Codable, Hashable {
  /// Who labels the made-up records.
  enum Teacher: String, Codable, CaseIterable {
    /// An n-gram model for each class: ready in seconds.
    case ngrams
    /// That and several networks, trained first: much longer, and better.
    case networks
  }

  var teacher: Teacher
  /// How many records are made up.
  var pseudoRecords: Int
  /// What the n-gram model's logits are divided by, being far too sure of itself.
  var ngramTemperature = 2.0
  /// How many networks, with H units and layers of their own; every other one is a GRU.
  var networks = 5
  var hidden = 128
  var layers = 2
  /// How they learn, where it differs from the network that they teach.
  var dropout = 0.5
  var learningRate = 3e-3

  /// What suits a data set of so many records.
  init(_ teacher: Teacher, recordCount: Int) {
    self.teacher = teacher
    pseudoRecords = min(200_000, (teacher == .ngrams ? 2 : 6) * recordCount)
  }

  /// Trains the teachers and asks them.
  func softExamples(
    _ train: ClassifierExamples, dev: ClassifierExamples?, labels: [String], stages: Chain,
    recipe: ClassifierRecipe, threads: Int, identity: JSONObject,
    monitor: (any TrainingMonitor)?, onEvent: (String?, TrainingEvent) throws -> Void
  ) throws -> ClassifierExamples {
    let pseudo = try madeUpRecords(train, labels: labels, stages: stages, recipe: recipe)
    let ngrams = try ClassNGramModel(
      train, labels: labels, symbolCount: recipe.architecture.symbols)
    var predictions = [
      ngrams.predict(pseudo, temperature: ngramTemperature, threads: threads)
    ]
    for number in 1...networks where teacher == .networks {
      let trainer = try network(number, labels: labels, recipe: recipe)
      let teacher = try trainer.fit(
        train: train, dev: dev, threads: threads, run: "teacher-\(number)", identity: identity,
        monitor: monitor
      ) { try onEvent("teacher \(number) of \(networks)", $0) }
      predictions.append(try Chain(teacher).run(pseudo, as: PredictionChunk.self))
    }
    return ClassifierExamples(
      ids: pseudo, labels: [Int32](repeating: -1, count: pseudo.count),
      distributions: Teachers.mean(
        predictions, weights: [Double](repeating: 1, count: predictions.count)))
  }

  private func network(
    _ number: Int, labels: [String], recipe: ClassifierRecipe
  ) throws -> ClassifierTrainer {
    var architecture = recipe.architecture
    architecture.hidden = hidden
    architecture.layers = layers
    architecture.cell = number.isMultiple(of: 2) ? "gru" : "lstm"
    var training = recipe.training
    training.dropout = dropout
    training.learningRate = learningRate
    training.seed = training.seed &* 1000 &+ UInt64(number)
    return try ClassifierTrainer(architecture: architecture, training: training, labels: labels)
  }

  /// The made-up records, through the same stages as every text.
  private func madeUpRecords(
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
