import ArgumentParser
import Seq

/// `seqtool lab memory`: symbols are read, remembered and given back.
struct LabMemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Teach a network to remember 13 symbols and give them back in order.",
    discussion: """
      The network reads 13 random symbols of 10 kinds and a delimiter, then has to give the \
      symbols back in order. Prints the share of right symbols over 1,000 sequences that it has \
      not seen.

        seqtool lab memory
        seqtool lab memory --cell rnn-relu --plot memory.svg
        seqtool lab memory --cell lstm --length 8
      """)

  @Option(
    help: ArgumentHelp(
      "Cell: gru, lstm, rnn, or rnn-relu, which begins at the identity (IRNN).", valueName: "name"),
    completion: .list(Cells.all.map(\.name)))
  var cell = MemoryOptions().cell

  @Option(help: ArgumentHelp("Units of the hidden state.", valueName: "n"))
  var hidden = MemoryOptions().hidden

  @Option(help: ArgumentHelp("Kinds of symbols.", valueName: "n"))
  var symbols = MemoryOptions().symbols

  @Option(help: ArgumentHelp("Symbols to remember.", valueName: "n"))
  var length = MemoryOptions().length

  @Option(help: ArgumentHelp("Steps of training at most.", valueName: "n"))
  var steps = MemoryOptions().steps

  @Option(help: ArgumentHelp("Sequences per step.", valueName: "n"))
  var batchSize = MemoryOptions().batchSize

  @Option(help: ArgumentHelp("Adam's learning rate; the cell decides it.", valueName: "x"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Clip the gradient to this norm; 0 is off.", valueName: "x"))
  var clipNorm = MemoryOptions().clipNorm

  @Option(help: ArgumentHelp("Added to an LSTM's forget gate at the start.", valueName: "x"))
  var forgetBias = MemoryOptions().forgetBias

  @Flag(
    inversion: .prefixedNo,
    help: "Whether to begin with one symbol and add one by one; the cell decides it.")
  var curriculum: Bool?

  @Option(help: ArgumentHelp("Unseen sequences to judge on.", valueName: "n"))
  var sequences = 1000

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes a figure.", valueName: "n"))
  var threads = 0

  @OptionGroup
  var lab: LabOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    try LabRange.check("threads", threads, 0...1024)
    try LabRange.check("sequences", sequences, 1...1_000_000)
  }

  func run() throws {
    try lab.checkPlot()
    let options = options
    let exercise = try MemoryExercise(options)
    var history: [MemoryExercise.Progress] = []
    let result = try exercise.run(sequences: sequences, threads: Threads.count(threads)) {
      history.append($0)
      lab.note(
        "step \($0.step)  length \($0.length)  loss \(ReportText.figure($0.loss))  "
          + "accuracy \(ReportText.figure($0.accuracy))")
    }
    let rows = [
      ["cell", options.cell], ["hidden units", "\(options.hidden)"],
      ["weights", "\(result.parameterCount)"], ["steps of training", "\(result.steps)"],
      ["unseen sequences", "\(result.sequences)"],
      ["right symbols", Percentage.text(result.symbolAccuracy)],
      ["right sequences", Percentage.text(result.sequenceAccuracy)],
    ]
    try StandardOutput.write(TextTable(rows).text)
    try lab.draw(Self.charts(history, options))
  }

  private var options: MemoryOptions {
    var options = MemoryOptions(cell: cell)
    (options.hidden, options.symbols) = (hidden, symbols)
    (options.length, options.steps, options.batchSize) = (length, steps, batchSize)
    (options.clipNorm, options.forgetBias) = (clipNorm, forgetBias)
    options.curriculum = curriculum ?? options.curriculum
    options.learningRate = learningRate ?? options.learningRate
    options.seed = lab.seed
    return options
  }

  private static func charts(
    _ history: [MemoryExercise.Progress], _ options: MemoryOptions
  ) -> [LineChart] {
    func points(_ value: (MemoryExercise.Progress) -> Double) -> [(x: Double, y: Double)] {
      history.map { (Double($0.step), value($0)) }
    }
    return [
      LineChart(
        title: "symbols remembered", xTitle: "step",
        series: [
          LineChart.Series("asked for", points { Double($0.length) }),
          LineChart.Series("right", points { Double($0.length) * $0.accuracy }),
        ]),
      LineChart(
        title: "loss per symbol (nats)", xTitle: "step",
        series: [LineChart.Series(options.cell, points(\.loss))]),
    ]
  }
}
