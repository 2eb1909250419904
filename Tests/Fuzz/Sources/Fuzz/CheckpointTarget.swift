@testable import Pipeline
@testable import Seq

/// Checkpoints: whatever is accepted is written back, and a training goes on from it or says why not.
struct CheckpointTarget: FuzzTarget {
  private let examples: ClassifierExamples
  private let trainer: ClassifierTrainer
  private let languageTrainer: LanguageModelTrainer
  /// What a checkpoint must say of data and options, by trainer.
  private var identities: [Bool: JSONValue] = [:]
  private static let symbols: [Int32] = [0, 2, 1, 0, 2, 1, 2, 0, 1, 2]

  init() throws {
    examples = ClassifierExamples(
      ids: Samples.chunk([[0, 1], [2], [1, 1, 0], [2, 0]]), labels: [0, 1, 0, 1])
    var options = ClassifierOptions()
    (options.cell, options.symbols, options.embedding, options.hidden) = ("gru", 3, 1, 1)
    var training = TrainingOptions()
    (training.epochs, training.batchSize, training.onDiverge) = (2, 2, .rollback)
    (training.earlyStopping, training.rollsBack) = (2, true)
    trainer = try ClassifierTrainer(
      architecture: options, training: training, labels: ["no", "yes"])
    var language = LanguageModelOptions()
    (language.symbols, language.embedding, language.hidden, language.layers) = (3, 1, 1, 1)
    var schedule = LanguageModelTraining()
    (schedule.epochs, schedule.batchSize, schedule.bptt, schedule.averageAfter) = (2, 2, 2, 1)
    languageTrainer = try LanguageModelTrainer(architecture: language, training: schedule)
    identities[false] = try record(classifier).snapshots.last?.numbers["identity"]
    identities[true] = try record(languageModel).snapshots.last?.numbers["identity"]
  }

  /// Numbers that a file makes too large are found to be so in the training.
  func mayThrow(_ error: any CategorizedError) -> Bool {
    switch error as? SeqError {
    case .nonFinite?, .diverged?: true
    default: error.category != .software
    }
  }

  func test(_ input: [UInt8]) throws {
    var snapshot = try TrainingSnapshot(fileBytes: input, name: "c")
    do {
      let saved = try snapshot.fileBytes()
      let again = try TrainingSnapshot(fileBytes: saved, name: "c")
      law(again == snapshot, "a checkpoint is read back otherwise")
      law(try again.fileBytes() == saved, "a checkpoint is written back otherwise")
    } catch { fail("a checkpoint is not read back: \(error)") }
    // Whoever makes a checkpoint to do harm knows the data and the options.
    let isLanguage = snapshot.numbers["averaged_steps"] != nil
    snapshot.numbers["identity"] = identities[isLanguage]
    let monitor = MemoryMonitor(start: snapshot)
    try isLanguage ? languageModel(monitor) : classifier(monitor)
  }

  private func classifier(_ monitor: MemoryMonitor) throws {
    _ = try trainer.fit(train: examples, dev: examples, monitor: monitor)
  }

  private func languageModel(_ monitor: MemoryMonitor) throws {
    _ = try languageTrainer.fit(train: Self.symbols, dev: Self.symbols, monitor: monitor)
  }

  /// All snapshots of a whole training.
  private func record(_ train: (MemoryMonitor) throws -> Void) throws -> MemoryMonitor {
    let monitor = MemoryMonitor()
    try train(monitor)
    return monitor
  }

  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    SafetensorsRepair.mutate(input, &random)
  }

  func repair(_ input: [UInt8]) -> [UInt8] { SafetensorsRepair.repair(input) }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    try (record(classifier).snapshots + record(languageModel).snapshots).map { try $0.fileBytes() }
  }
}

/// A monitor that begins with a snapshot and keeps those that follow.
private final class MemoryMonitor: TrainingMonitor {
  private let start: TrainingSnapshot?
  private(set) var snapshots: [TrainingSnapshot] = []

  init(start: TrainingSnapshot? = nil) { self.start = start }

  func saved(_ run: String) -> TrainingSnapshot? { start }
  func request(step: Int) -> TrainingRequest { start == nil ? .save : .goOn }
  func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) {
    snapshots.append(snapshot)
  }
}
