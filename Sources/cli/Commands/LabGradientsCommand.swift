import ArgumentParser
import Seq

/// `seqtool lab gradients`: vanishing and exploding gradients.
struct LabGradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Show how gradients vanish or explode over 1 to 1,000 steps.",
    discussion: """
      The loss looks at the last hidden state of an untrained layer whose recurrent matrix is a \
      random rotation times a gain. Prints the mean absolute \
      gradient that reaches the state before the first step, and that of the recurrent weights, \
      as it is and clipped by norm.

        seqtool lab gradients --plot gradients.svg
        seqtool lab gradients --gain 1.5
      """)

  @Option(
    help: ArgumentHelp(
      "The singular values of the recurrent matrices; may be repeated.", valueName: "x"))
  var gain: [Double] = [1, 2]

  @Option(help: ArgumentHelp("Added to the LSTM's forget gate.", valueName: "x"))
  var forgetBias = GradientFlow(cell: "rnn").forgetBias

  @Option(help: ArgumentHelp("Clip the gradient to this norm.", valueName: "x"))
  var clipNorm = GradientFlow(cell: "rnn").clipNorm

  @Option(help: ArgumentHelp("Units of the hidden state.", valueName: "n"))
  var hidden = GradientFlow(cell: "rnn").hidden

  @OptionGroup
  var lab: LabOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  private static let cells = [("tanh", "rnn"), ("relu", "rnn-relu"), ("lstm", "lstm")]

  func validate() throws {
    for gain in gain { try LabRange.check("gain", gain, 0...1000) }
    try LabRange.check("forget-bias", forgetBias, -100...100)
    try LabRange.check("clip-norm", clipNorm, 0...1e9)
    try LabRange.check("hidden", hidden, 1...1024)
  }

  func run() throws {
    try lab.checkPlot()
    var text = ""
    var charts: [LineChart] = []
    for gain in gain {
      let found = try Self.cells.map { name, cell in
        (name: name, points: try flow(cell, gain: gain).points())
      }
      if !text.isEmpty { text += "\n" }
      text += Self.text(found, gain: gain)
      charts += Self.charts(found, gain: gain)
    }
    try StandardOutput.write(text)
    try lab.draw(charts)
  }

  private func flow(_ cell: String, gain: Double) -> GradientFlow {
    var flow = GradientFlow(cell: cell)
    (flow.gain, flow.forgetBias, flow.clipNorm) = (gain, forgetBias, clipNorm)
    (flow.hidden, flow.seed) = (hidden, lab.seed)
    return flow
  }

  private typealias Found = [(name: String, points: [GradientFlow.Point])]

  private static func text(_ found: Found, gain: Double) -> String {
    "gain \(gain): mean |gradient| of the state before the first step\n"
      + table(found.map { ($0.name, $0.points.map(\.state)) })
      + "\ngain \(gain): mean |gradient| of the recurrent weights\n"
      + table(
        found.flatMap { one in
          [
            (one.name, one.points.map(\.weights)),
            ("\(one.name) clipped", one.points.map(\.clipped)),
          ]
        })
  }

  private static func table(_ columns: [(name: String, values: [Double])]) -> String {
    let rows = GradientFlow.lengths.enumerated().map { i, length in
      ["\(length)"] + columns.map { Scientific.text($0.values[i]) }
    }
    return TextTable([["steps"] + columns.map(\.name)] + rows).text
  }

  private static func charts(_ found: Found, gain: Double) -> [LineChart] {
    func series(_ suffix: String, _ value: (GradientFlow.Point) -> Double) -> [LineChart.Series] {
      found.map { one in
        LineChart.Series(one.name + suffix, one.points.map { (Double($0.length), value($0)) })
      }
    }
    return [
      LineChart(
        title: "gain \(gain): mean |gradient| of the first state", xTitle: "steps",
        series: series("", \.state), isLogarithmic: true),
      LineChart(
        title: "gain \(gain): mean |gradient| of the recurrent weights", xTitle: "steps",
        series: series("", \.weights) + series(" clipped", \.clipped), isLogarithmic: true),
    ]
  }
}
