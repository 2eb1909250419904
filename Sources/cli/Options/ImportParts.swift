import ArgumentParser
import Seq

/// What imported weights do not say by themselves.
struct ImportParts: ParsableArguments {
  @Option(
    help: ArgumentHelp("The class names, one per line.", valueName: "file"), completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The symbols, one per line in the order of their ids. Leading ones of the form <...> are "
        + "special: <unk> stands for all others, which are skipped where there is none.",
      valueName: "file"), completion: .file())
  var symbols: String?

  @Option(
    help: ArgumentHelp(
      "The cell; needed only to tell rnn-relu from rnn.", valueName: "name"),
    completion: .list(Cells.all.map(\.name)))
  var cell: String?

  @Option(
    help: ArgumentHelp(
      "How the hidden states become one vector: last, mean, max, attention; joined by +. "
        + "Without it, last.", valueName: "rule"))
  var pooling: String?

  @Flag(help: "The recurrent layers read one-hot vectors: there is no embedding.")
  var oneHot = false

  @Option(
    help: ArgumentHelp(
      "A stage for the text, such as 'normalize.unicode(form=nfc)'; may be repeated.",
      valueName: "id(k=v)"))
  var stage: [String] = []

  @Option(help: "What a symbol is; without it, a grapheme.")
  var by: SegmentingOptions.Unit?

  @Flag(help: "End each record with the symbol <end>.")
  var appendEnd = false

  @Option(
    help: ArgumentHelp(
      "How many symbols of a record are read; without it, 1024.", valueName: "n"))
  var maxLength: Int?

  /// The options that were given, as a user writes them.
  var given: [String] {
    let all = [
      ("--labels", labels != nil), ("--symbols", symbols != nil), ("--cell", cell != nil),
      ("--pooling", pooling != nil), ("--one-hot", oneHot), ("--stage", !stage.isEmpty),
      ("--by", by != nil),
      ("--append-end", appendEnd), ("--max-length", maxLength != nil),
    ]
    return all.filter(\.1).map(\.0)
  }
}

/// What parts of the network are called in a state dict.
struct StateNameOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The embedding, such as encoder.", valueName: "name"))
  var embeddingName: String?

  @Option(help: ArgumentHelp("The recurrent layers, such as lstm.", valueName: "name"))
  var rnnName: String?

  @Option(help: ArgumentHelp("The last linear layer, such as fc.", valueName: "name"))
  var headName: String?

  var given: StateNames.Given {
    StateNames.Given(embedding: embeddingName, rnn: rnnName, head: headName)
  }
}
