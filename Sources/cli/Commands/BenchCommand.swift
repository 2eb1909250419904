import ArgumentParser
import Pipeline
import Seq

/// `seqtool bench`: how fast networks learn and read on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the speed of training and reading on fixed jobs.",
    discussion: """
      Each job learns one batch of made-up symbols again and again with Adam, by the code that every \
      training runs, then reads it as `classify` and `score` do. Prints symbols per second, the \
      necessary arithmetic as a share of what the BLAS reaches on large matrices, and the losses \
      of the first and the tenth step, which the seed decides.

        seqtool bench
        seqtool bench names-lstm characters-lstm --json
        seqtool bench characters-lstm --hidden 512 --steps 32 -j 1
      """)

  @Argument(
    help: ArgumentHelp(
      "Which jobs; without one, all: \(BenchmarkJob.all.map(\.name).joined(separator: ", ")).",
      valueName: "job"),
    completion: .list(BenchmarkJob.all.map(\.name)))
  var jobs: [String] = []

  @Option(help: ArgumentHelp("Units of the hidden state, in place of the job's.", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Symbols of a sequence, in place of the job's.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("Size of the vocabulary, in place of the job's.", valueName: "n"))
  var symbols: Int?

  @Option(help: ArgumentHelp("Sequences of a batch, in place of the job's.", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("How long each measurement takes.", valueName: "s"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("Decides the weights and the symbols.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes a loss.", valueName: "n"))
  var threads = 0

  @Option(
    help: ArgumentHelp(
      "Write the weights, symbols and targets of the (one) job here, for another program to begin alike.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var start: String?

  @Flag(help: "One JSON object per job.")
  var json = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    try LabRange.check("threads", threads, 0...1024)
    try LabRange.check("seconds", seconds, 0.01...3600)
    for (name, value) in [
      ("hidden", hidden), ("steps", steps), ("symbols", symbols), ("batch-size", batchSize),
    ] {
      if let value { try LabRange.check(name, value, 1...1 << 20) }
    }
    guard start == nil || jobs.count == 1 else {
      throw ValidationError(
        "--start needs one job (such as: bench names-lstm --start a.safetensors)")
    }
  }

  func run() throws {
    let jobs = try chosen()
    let threads = Threads.count(threads)
    let clock = ContinuousClock()
    let begin = clock.now
    let now = { (clock.now - begin) / .seconds(1) }
    let peak = ProductPeak.operationsPerSecond(threads: threads, clock: now)
    var reports: [BenchmarkText] = []
    for job in jobs {
      var benchmark = try Benchmark(job, seed: seed, threads: threads)
      if let start { try AtomicFile.write(benchmark.start.bytes(), to: start, mode: 0o644) }
      let report = try BenchmarkText(
        &benchmark, seconds: seconds, threads: threads, peak: peak, now: now)
      reports.append(report)
      if json { try StandardOutput.write(report.json.text() + "\n") }
    }
    if !json { try StandardOutput.write(BenchmarkText.table(reports, peak: peak)) }
  }

  /// - Throws: `SeqError.unknownName`.
  private func chosen() throws -> [BenchmarkJob] {
    let known = BenchmarkJob.all
    let named = try jobs.map { name in
      guard let job = known.first(where: { $0.name == name }) else {
        throw SeqError.unknownName(kind: "job", name: name, known: known.map(\.name))
      }
      return job
    }
    return (named.isEmpty ? known : named).map { job in
      var job = job
      job.hidden = hidden ?? job.hidden
      job.steps = steps ?? job.steps
      job.symbols = symbols ?? job.symbols
      job.batchSize = batchSize ?? job.batchSize
      return job
    }
  }
}
