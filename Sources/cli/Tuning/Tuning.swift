import Glibc
import Pipeline
import Seq

/// A search for good options: random trials by successive halving, with a journal on disk.
///
/// A trial is one training of all its epochs, paused at the end of each rung and, where it is promoted,
/// continued from its own checkpoint: every schedule is a function of the share of *all* epochs that
/// is done, so a pause changes no bit, no epoch is trained twice, and the best trial's model is the one
/// that the train command makes of its options.
struct Tuning<Task: TuneTask> {
  let task: Task
  let halving: SuccessiveHalving
  let space: SearchSpace
  /// Whether the first trial takes the command's own choice rather than a draw.
  let triesDefaults: Bool
  let seed: UInt64
  let threads: Int
  private let options: TuneOptions
  private let folder: String

  /// - Parameter folder: where the journal and the checkpoints are.
  init(
    _ task: Task, _ halving: SuccessiveHalving, _ space: SearchSpace, triesDefaults: Bool,
    seed: UInt64, threads: Int, folder: String
  ) throws {
    self.task = task
    self.halving = halving
    self.space = space
    self.triesDefaults = triesDefaults
    self.seed = seed
    self.threads = threads
    self.folder = folder
    options = try TuneOptions(of: Task.command)
  }

  /// What came out.
  struct Result {
    /// The last result of each trial, the best first.
    var ranking: [TuneEntry]
    /// The best trial's options as a configuration file.
    var configuration: String
    /// The best trial's model.
    var model: () throws -> [UInt8]
  }

  /// Searches, or goes on where an earlier run stopped.
  ///
  /// - Parameter note: gets each result, and how many rungs there are.
  /// - Throws: `SeqError.interrupted` after a signal, with all saved; `SeqError.unusableData` where
  ///   every trial failed.
  func run(note: (TuneEntry) -> Void) throws -> Result {
    let trials = try (0..<halving.trials).map { trial in
      let sample =
        triesDefaults && trial == 0 ? JSONObject() : space.sample(trial: trial, seed: seed)
      let arguments = try options.arguments(sample)
      return Trial(options: sample, arguments: arguments, epochs: try task.epochs(arguments))
    }
    // All options are judged before the folder is touched.
    let checkpoints = try CheckpointFolder(folder)
    StopSignals.catchThem()
    let journal = try TuneJournal(folder + "/journal.jsonl", search: search)
    var running = Array(trials.indices)
    for rung in 0..<halving.rungs {
      let results = try running.map { number in
        let entry =
          try journal.entry(trial: number, rung: rung)
          ?? result(of: trials[number], number, rung, checkpoints, journal)
        note(entry)
        return entry
      }
      let ranked = results.sorted(by: TuneEntry.isBetter)
      let next =
        rung + 1 < halving.rungs
        ? halving.promoted(
          from: ranked.enumerated().map { place, entry in
            (entry.trial, entry.cost.map { _ in Double(place) })
          }, after: rung)
        : ranked.prefix(1).map(\.trial)
      for number in running where !next.contains(number) {
        try checkpoints.remove(prefix: TrialMonitor.prefix(ofTrial: number))
      }
      running = next
    }
    return try finished(trials, journal, checkpoints)
  }

  /// A trial as it was drawn.
  private struct Trial {
    var options: JSONObject
    var arguments: [String]
    var epochs: Int
  }

  /// What decides the result of the search.
  private var search: JSONObject {
    var search = task.identity
    search["search"] = .string(Task.command.joined(separator: " "))
    search["space"] = .object(space.json)
    search["defaults_first"] = .bool(triesDefaults)
    search["trials"] = .int(halving.trials)
    search["rungs"] = .int(halving.rungs)
    search["factor"] = .int(halving.factor)
    search["seed"] = .string(String(seed))
    search["tool"] = .string("seqtool \(SeqtoolCommand.toolVersion)")
    return search
  }

  /// Trains one trial to the end of a rung.
  private func result(
    of trial: Trial, _ number: Int, _ rung: Int, _ checkpoints: CheckpointFolder,
    _ journal: TuneJournal
  ) throws -> TuneEntry {
    let epochs = halving.epochs(ofRung: rung, total: trial.epochs)
    let monitor = TrialMonitor(
      checkpoints, trial: number, run: Task.run, lastEpoch: epochs)
    var entry = TuneEntry(
      trial: number, rung: rung, epochs: epochs, options: trial.options)
    do {
      _ = try task.train(trial.arguments, threads: threads, monitor: monitor)
    } catch let error as SeqError {
      switch error {
      case .interrupted where !StopSignals.isAsked: break
      case .nonFinite, .diverged: entry.failure = error.description
      default: throw error
      }
    }
    if entry.failure == nil {
      entry.devLoss = monitor.best?.devLoss
      entry.devAccuracy = monitor.best?.devAccuracy
      entry.devF1 = monitor.best?.devF1
    }
    try journal.add(entry)
    return entry
  }

  private func finished(
    _ trials: [Trial], _ journal: TuneJournal, _ checkpoints: CheckpointFolder
  ) throws -> Result {
    var last: [Int: TuneEntry] = [:]
    for entry in journal.entries { last[entry.trial] = entry }
    // Those that came further first, and what failed last.
    let ranking = trials.indices.compactMap { last[$0] }.sorted { a, b in
      let (further, behind) = (a.cost == nil ? -1 : a.rung, b.cost == nil ? -1 : b.rung)
      return further == behind ? TuneEntry.isBetter(a, b) : further > behind
    }
    guard let best = ranking.first, best.cost != nil else {
      throw SeqError.unusableData(
        "every trial failed, the first because \(ranking.first?.failure ?? "of nothing")")
    }
    let trial = trials[best.trial]
    return Result(
      ranking: ranking, configuration: options.configuration(trial.options)
    ) {
      let monitor = TrialMonitor(
        checkpoints, trial: best.trial, run: Task.run, lastEpoch: .max)
      return try task.train(trial.arguments, threads: threads, monitor: monitor)
    }
  }
}
