import ArgumentParser

/// What a training tells while it runs, and where.
struct ReportingOptions: ParsableArguments {
  @Option(help: "Progress on stderr: a bar on a terminal and lines elsewhere, or JSON lines.")
  var progress = TrainingProgress.Style.text

  @Option(
    help: ArgumentHelp("Add each event to this file as a line of JSON.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "Draw losses, accuracy or perplexity, and learning rate into this SVG.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(name: [.customShort("q"), .long], help: "Nothing on stderr but errors.")
  var quiet = false
}
