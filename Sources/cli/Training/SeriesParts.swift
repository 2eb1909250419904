import Pipeline

/// A series, cut in time into what is learnt from and what is judged on.
struct SeriesParts {
  /// All rows: those that are learnt from stand first.
  let series: Series
  let trainCount: Int

  /// Reads the data.
  /// - Throws: `CLIError.badData` where there is no row.
  init(_ path: String, _ options: SeriesColumnOptions, dev: DevelopmentPart) throws {
    let columns = try options.names()
    let data = try SeriesReader.read(path, columns: columns)
    switch dev {
    case .file(let path):
      let rest = try SeriesReader.read(path, columns: columns)
      series = Series(columns: data.columns, values: data.values + rest.values)
      trainCount = data.count
    case .percent(let percent):
      series = data
      trainCount = data.count - Int(Double(data.count) * percent / 100)
    }
  }

  var devCount: Int { series.count - trainCount }
}

extension Series {
  /// What the provenance says of it.
  var summary: JSONObject {
    JSONObject([
      ("rows", .int(count)), ("columns", .array(columns.map { .string($0) })),
      ("sha256", .string(digest)),
    ])
  }
}
