import Pipeline

/// The result of a search for people and for programs.
struct TuneText {
  /// The best first.
  let ranking: [TuneEntry]

  /// How many trials the table shows.
  private static let shown = 10

  /// The best trials, with the options that were drawn.
  var table: String {
    let rows = ranking.prefix(Self.shown).map { entry in
      [
        "\(entry.trial + 1)", "\(entry.rung + 1)", "\(entry.epochs)",
        entry.devLoss.map(ReportText.figure) ?? "-",
        entry.devAccuracy.map(ReportText.figure) ?? "-",
        entry.failure ?? Self.words(entry.options),
      ]
    }
    return TextTable([["trial", "rung", "epochs", "loss", "accuracy", "options"]] + rows).text
  }

  var json: JSONValue { .array(ranking.map(\.json)) }

  /// One line for one result.
  static func note(_ entry: TuneEntry, rungs: Int) -> String {
    var words = "rung \(entry.rung + 1)/\(rungs), trial \(entry.trial + 1): \(entry.epochs) epochs"
    if let failure = entry.failure { return words + ", \(failure)" }
    if let loss = entry.devLoss { words += ", dev \(ReportText.figure(loss))" }
    if let accuracy = entry.devAccuracy { words += ", accuracy \(ReportText.figure(accuracy))" }
    return words
  }

  /// `cell=gru hidden=64`, or what stands for the command's own choice.
  private static func words(_ options: JSONObject) -> String {
    options.isEmpty
      ? "(the command's own)"
      : options.members.map { "\($0.key)=\($0.value.stringValue ?? $0.value.text())" }
        .joined(separator: " ")
  }
}
