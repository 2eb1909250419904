import ArgumentParser
import Pipeline

/// `seqtool run`: any chain of stages as one streaming process.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline: the stages of a YAML or JSON file, or of --stage flags.",
    usage: """
      seqtool run PIPELINE.yaml [FILE ...] [options]
      seqtool run --stage 'ID(OPTION=VALUE, ...)' ... [FILE ...] [options]
      """,
    discussion: """
      A pipeline file is a list of {stage: id, option: value, ...}; an id without @VERSION means \
      the newest. The stage `model` with the option `file` stands for the stages of a model file, \
      up to a kind of payload with `until` (text, tokens, ids, predictions). `seqtool stages` lists \
      what there is. Output: text, tokens joined by a space, ids, or label, probability and record.

      A stage may be a program (exec:./fix.awk, lines in and as many lines out) or a dynamic \
      library (library:./fix.so). What --stage names may run; what a pipeline file names runs only \
      with --allow-exec or --allow-library.

        seqtool run clean.yaml raw.txt > clean.txt
        seqtool run --stage exec:./fix.awk --stage 'segment.unicode(by=word)' raw.txt
        seqtool run --stage records.deduplicate --stage 'normalize.unicode(form=nfkc)' raw.txt
        seqtool run clean.yaml --set normalize.unicode.form=nfc --dump-config
        seqtool run clean.yaml big.txt --shard 2/8 -o part-{shard}.txt
      """)

  @Option(
    help: ArgumentHelp(
      "Add a stage, or a program as exec:./fix.awk; may be repeated. There is no pipeline file then.",
      valueName: "id(k=v)"))
  var stage: [String] = []

  @Option(
    help: ArgumentHelp(
      "Set an option: 2.form=nfc (the second stage) or normalize.unicode.form=nfc; may be repeated.",
      valueName: "stage.option=value"))
  var set: [String] = []

  @Flag(help: "Print the merged pipeline with every option, and run nothing.")
  var dumpConfig = false

  @Flag(help: "One JSON object per record.")
  var jsonl = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which appears when it is complete; {shard} stands for the shard's number.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Only the i-th of n parts of one FILE, cut on record borders. OUTPUT.done is left beside the "
        + "output; a finished shard is not made again.", valueName: "i/n"))
  var shard: Shard?

  @OptionGroup(title: "Plugins")
  var external: ExternalCodeOptions

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  func validate() throws {
    guard !stage.isEmpty || !stream.files.isEmpty else {
      throw ValidationError("there is no pipeline (give a PIPELINE.yaml, or --stage flags)")
    }
    guard shard != nil else { return }
    guard let output, output.contains("{shard}") else {
      throw ValidationError("--shard needs --output with {shard} in its name")
    }
    guard inputs.count == 1, inputs != ["-"] else {
      throw ValidationError("--shard needs one FILE")
    }
  }

  func run() throws {
    let registry = try BuiltIn.registry()
    let plan = try plan()
    let policy = external.policy
    if dumpConfig {
      return try StandardOutput.write(plan.resolved(in: registry, allowing: policy).yaml)
    }
    PluginProcesses.endWithThisProcess()
    let chain = try plan.chain(in: registry, allowing: policy)
    guard chain.input == .text else {
      throw CLIError.usage(
        "\(chain.stages[0].descriptor.id) takes \(chain.input.rawValue), but a pipeline begins with "
          + "text (put a stage from text to \(chain.input.rawValue) before it)")
    }
    var filter = RecordFilter(stream)
    filter.files = inputs
    guard let output else { return try run(chain, filter) }
    guard let shard else { return try run(chain, filter, into: output) }
    let resolved = try plan.resolved(in: registry, allowing: policy).yaml
    try run(chain, filter, shard, settings: resolved + fileDigests(plan) + framing)
  }

  // MARK: - Plan

  /// The arguments without the pipeline file.
  private var inputs: [String] {
    stage.isEmpty ? Array(stream.files.dropFirst()) : stream.files
  }

  private func plan() throws -> PipelinePlan {
    var plan = PipelinePlan()
    if stage.isEmpty, let file = stream.files.first { plan = try PipelinePlan.read(file) }
    for text in stage {
      try plan.append(stage: text, place: "--stage '\(text)'", isNamedByUser: true)
    }
    for text in set { try plan.set(text) }
    return plan
  }

  /// How records are read and written, as far as it can change the output.
  private var framing: String {
    "\(stream.nullDelimited) \(stream.keepCR) \(stream.invalid) \(stream.maxRecord) \(jsonl)"
  }

  /// The digests of the files that stages are made of: models, programs, libraries.
  private func fileDigests(_ plan: PipelinePlan) throws -> String {
    try plan.steps.flatMap { step in
      ["file", "program", "path"].compactMap { step.options[$0]?.stringValue }
    }.map { try Digest.sha256(ofFile: $0) }.joined(separator: "\n")
  }

  // MARK: - Running

  private func run(
    _ chain: Chain, _ filter: RecordFilter, to writer: RecordWriter = RecordWriter()
  ) throws {
    let (head, tail) = try chain.cutAfterLastCountingStage()
    let formatter = PayloadFormatter(delimiter: stream.delimiter, isJSON: jsonl)
    let context = RunContext(tracksOffsets: jsonl && chain.output == .tokens)
    let crew = tail.map { ChainCrew($0, context) }
    try filter.run(through: head, context, to: writer) {
      guard let work = try crew?.makeWorker() else {
        return { try formatter.format($0.payload, of: $0.records) }
      }
      return { try formatter.format(try work($0.payload), of: $0.records) }
    }
    try crew?.finish()
  }

  private func run(_ chain: Chain, _ filter: RecordFilter, into path: String) throws {
    let file = try StreamedFile(path)
    try run(chain, filter, to: RecordWriter(descriptor: file.descriptor, file: path))
    try file.commit()
  }

  private func run(
    _ chain: Chain, _ filter: RecordFilter, _ shard: Shard, settings: String
  ) throws {
    let part = try FileShard(
      inputs[0], index: shard.index, count: shard.count,
      delimiter: stream.nullDelimited ? .nul : .newline)
    let path = (output ?? "").replacing("{shard}", with: "\(shard.index)")
    let manifest = try ShardManifest(shard, of: part, settings: settings, output: path)
    if manifest.isFinished {
      if !stream.quiet { StandardError.note("\(path): finished before, left as it is") }
      return
    }
    try manifest.remove()
    var filter = filter
    filter.shard = part
    try run(chain, filter, into: path)
    try manifest.write()
  }
}
