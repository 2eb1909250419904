import Pipeline

/// Labelled data, cut into what is learnt from and what is judged on. Both have the same labels.
struct TrainingParts {
  let train: LabelledDataset
  /// Empty where nothing is kept for it.
  let dev: LabelledDataset
  /// How the dev part came about, for the provenance: `5%` or `file`.
  let origin: String

  /// Reads the data.
  /// - Throws: `CLIError.badData` where there are no two classes to tell apart, or where the dev
  ///   part has a class that the training data lack.
  init(_ options: LabelledDataOptions, dev: DevelopmentPart) throws {
    let data = try options.read()
    guard data.labelNames.count > 1 else {
      throw CLIError.badData(
        "all \(data.count) records have the label \"\(data.labelNames.joined())\" "
          + "(a classifier needs two labels or more)")
    }
    switch dev {
    case .file(let path):
      let judged = try options.read([path])
      train = data
      self.dev = LabelledDataset(
        text: judged.text, labels: try Evaluation.targets(judged, in: data.labelNames),
        labelNames: data.labelNames)
      origin = "file"
    case .percent(let percent):
      let parts = data.split(devFraction: percent / 100)
      // Of a few records every one is needed to learn from.
      let isUsable = Set(parts.train.labels).count == data.labelNames.count
      train = isUsable ? parts.train : data
      self.dev = isUsable ? parts.dev : data.subset([])
      origin = isUsable ? dev.description : "0%"
    }
  }
}
