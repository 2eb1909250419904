import ArgumentParser
import Pipeline
import Seq

/// `seqtool generate`: text from a language model.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write text by a language model.",
    discussion: """
      The text begins with --prompt and goes on for --length symbols, or until --stop stands in it. \
      The same seed gives the same text. --temperature 0 always takes the most probable symbol; \
      --beam looks for the most probable text as a whole.

        seqtool generate --model play.seqmodel --prompt 'ROMEO:' --length 500
        seqtool generate -m play.seqmodel --temperature 0.7 --top-p 0.9 --seed 7
        seqtool generate -m words.seqmodel --beam 5 --length 20
      """)

  @OptionGroup
  var model: LanguageModelOption

  @Option(help: "What the text begins with.")
  var prompt = ""

  @Option(help: ArgumentHelp("Symbols to write after the prompt.", valueName: "n"))
  var length = 200

  @Option(help: ArgumentHelp("Less than 1 is bolder about the probable.", valueName: "t"))
  var temperature = 1.0

  @Option(help: ArgumentHelp("Draw from the k most probable symbols; 0 is all.", valueName: "k"))
  var topK = 0

  @Option(help: ArgumentHelp("Draw from the fewest that have this probability.", valueName: "p"))
  var topP = 1.0

  @Option(
    help: ArgumentHelp("Leave out what is less probable than p times the best.", valueName: "p"))
  var minP = 0.0

  @Option(help: ArgumentHelp("Stop when this text has been written.", valueName: "text"))
  var stop: String?

  @Option(help: ArgumentHelp("The most probable text, by this many at a time.", valueName: "n"))
  var beam = 0

  @Option(help: ArgumentHelp("Another seed, another text.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard (0...10_000_000).contains(length) else {
      throw ValidationError("--length \(length) has no meaning (use 0 to 10000000)")
    }
    guard (0...1000).contains(beam) else {
      throw ValidationError("--beam \(beam) has no meaning (use 1 to 1000, or 0 to draw)")
    }
    guard stop?.isEmpty != true else { throw ValidationError("--stop needs a text") }
  }

  func run() throws {
    var options = SamplingOptions()
    options.temperature = temperature
    options.topK = topK
    options.topP = topP
    options.minP = minP
    try options.validate()
    let loaded = try model.load()
    var generator = SymbolGenerator(loaded.model, seed: seed)
    let prompt = try loaded.ids(prompt)
    for symbol in prompt { generator.read(symbol) }
    if beam > 0 {
      let best = BeamSearch(width: beam).search(from: generator, length: length, stops: [])
      let text = try loaded.text(prompt + (best.first?.symbols ?? []))
      try StandardOutput.write(cut(text, after: self.prompt) + "\n")
    } else {
      try draw(&generator, options, loaded, prompt)
    }
  }

  /// Draws and writes line by line, so that a reader that has seen enough ends it.
  private func draw(
    _ generator: inout SymbolGenerator, _ options: SamplingOptions,
    _ loaded: LanguageModelOption.Loaded, _ prompt: [Int32]
  ) throws {
    let end = Int32(loaded.model.options.end)
    // A stop that crosses lines is only seen where none of them has been written.
    let writesLines = stop?.contains("\n") != true
    var (line, drawn, given) = (prompt, [Int32](), self.prompt)
    for _ in 0..<length {
      let symbol = generator.next(options)
      if symbol == end, writesLines {
        try StandardOutput.write(try loaded.text(line) + "\n")
        (line, drawn, given) = ([], [], "")
        continue
      }
      line.append(symbol)
      guard let stop else { continue }
      drawn.append(symbol)
      // A stop of n bytes stands in the last n symbols, if it has just been written.
      if try loaded.text(Array(drawn.suffix(stop.utf8.count + 1))).contains(stop) { break }
    }
    try StandardOutput.write(cut(try loaded.text(line), after: given) + "\n")
  }

  /// The text without what stands after the first stop past the prompt.
  private func cut(_ text: String, after prompt: String) -> String {
    guard let stop, let end = text.dropFirst(prompt.count).range(of: stop) else { return text }
    return String(text[..<end.upperBound])
  }
}

extension Substring {
  /// The first place of a text that is not empty.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      formIndex(after: &start)
    }
    return nil
  }
}
