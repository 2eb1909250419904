import Pipeline

/// The stages as a page of the documents, made of what they say of themselves.
struct StagePage {
  private let entries: [StageEntry]

  init(_ entries: [StageEntry]) { self.entries = entries }

  /// Markdown: one section for each stage, with a table of its options.
  func text() throws -> String {
    let head = """
      # Stages

      What a pipeline is made of. This page is written by `seqtool stages --markdown`.

      """
    return try entries.reduce(head) { try $0 + section($1) }
  }

  private func section(_ entry: StageEntry) throws -> String {
    let stage = entry.descriptor
    let count = stage.isOneToOne ? "one record out for each in" : "may give fewer records"
    var text = "\n## `\(stage.id)`\n\n\(stage.summary).\n\n"
    text += "\(stage.input.rawValue) → \(stage.output.rawValue); \(count).\n"
    if stage.isExternal {
      text +=
        "\nRuns a \(stage.door.rawValue) from outside; [plugins.md](plugins.md) says when it may.\n"
    }
    guard !stage.options.isEmpty else { return text }
    let defaults = try entry.defaultOptions()
    text += "\n| option | default | meaning |\n|---|---|---|\n"
    for option in stage.options {
      let standard = defaults[option.name]?.text() ?? ""
      let choices =
        option.choices.isEmpty
        ? "" : ": " + option.choices.map { "`\($0)`" }.joined(separator: ", ")
      text += "| `\(option.name)` | `\(standard)` | \(option.summary)\(choices) |\n"
    }
    return text
  }
}
