import Pipeline

/// The result of a search for people and for programs.
struct TuneText {
  /// The best first.
  let ranking: [TuneEntry]

  /// How many trials the table shows.
  private static let shown = 10

  /// The best trials, with the options that were drawn.
  var table: String {
    let figures = Self.figures.filter { figure in
      ranking.contains { $0[keyPath: figure.value] != nil }
    }
    let rows = ranking.prefix(Self.shown).map { entry in
      ["\(entry.trial + 1)", "\(entry.rung + 1)", "\(entry.epochs)"]
        + figures.map { entry[keyPath: $0.value].map(ReportText.figure) ?? "-" }
        + [entry.failure ?? Self.words(entry.options)]
    }
    return TextTable(
      [["trial", "rung", "epochs"] + figures.map(\.name) + ["options"]] + rows
    ).text
  }

  /// What a table shows of a result, where there is any.
  private static var figures: [(name: String, value: KeyPath<TuneEntry, Double?>)] {
    [("loss", \.devLoss), ("accuracy", \.devAccuracy), ("F1", \.devF1)]
  }

  var json: JSONValue { .array(ranking.map(\.json)) }

  /// One line for one result.
  static func note(_ entry: TuneEntry, rungs: Int) -> String {
    var words = "rung \(entry.rung + 1)/\(rungs), trial \(entry.trial + 1): \(entry.epochs) epochs"
    if let failure = entry.failure { return words + ", \(failure)" }
    if let loss = entry.devLoss { words += ", dev \(ReportText.figure(loss))" }
    if let accuracy = entry.devAccuracy { words += ", accuracy \(ReportText.figure(accuracy))" }
    if let f1 = entry.devF1 { words += ", F1 \(ReportText.figure(f1))" }
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
