import ArgumentParser
import Seq

/// `seqtool lab next-word`: a ten-unit network learns one phrase.
struct LabNextWordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next-word",
    abstract: "Teach a network of ten units one phrase, then ask for its last word.",
    discussion: """
      Prints the loss every 100 epochs, then the word that the network expects after all but the \
      last. The hidden state is carried from one epoch to the next.

        seqtool lab next-word
        seqtool lab next-word "the early bird catches the worm" --plot loss.svg
      """)

  @Argument(help: "Two words or more, separated by spaces.")
  var phrase = "barca is the best"

  @Option(help: ArgumentHelp("How often the phrase is read.", valueName: "n"))
  var epochs = 1000

  @Option(help: ArgumentHelp("Units of the hidden state.", valueName: "n"))
  var hidden = 10

  @Option(help: ArgumentHelp("Adam's learning rate.", valueName: "x"))
  var learningRate = 0.01

  @OptionGroup
  var lab: LabOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    try LabRange.check("epochs", epochs, 1...1_000_000)
    try LabRange.check("hidden", hidden, 1...4096)
    try LabRange.check("learning-rate", learningRate, 0...10)
  }

  func run() throws {
    try lab.checkPlot()
    let words = phrase.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map(Array.init)
    var numbers: [[UInt8]: Int32] = [:]
    for word in words where numbers[word] == nil { numbers[word] = Int32(numbers.count) }
    guard words.count >= 2 else {
      throw CLIError.usage("the phrase needs two words or more, so that the last can be predicted")
    }
    var exercise = try NextWordExercise(words: words.compactMap { numbers[$0] })
    (exercise.hidden, exercise.epochs, exercise.seed) = (hidden, epochs, lab.seed)
    exercise.learningRate = learningRate
    var rows = [["epoch", "loss"]]
    let result = try exercise.run { epoch, loss in
      if epoch % 100 == 0 || epoch == epochs { rows.append(["\(epoch)", ReportText.figure(loss)]) }
    }
    try StandardOutput.write(TextTable(rows).text)
    let predicted = words.first { numbers[$0] == result.predicted } ?? []
    try StandardOutput.write(Array("Predicted word: ".utf8) + predicted + [0x0A])
    let points = result.losses.enumerated().map { (x: Double($0 + 1), y: $1) }
    try lab.draw([
      LineChart(
        title: "loss per word (nats)", xTitle: "epoch", series: [LineChart.Series("rnn", points)])
    ])
  }
}
