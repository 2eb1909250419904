import Pipeline
import Seq

/// A classifier whose probabilities have been made to fit labelled data by one temperature.
struct CalibratedModel {
  /// What the logits are divided by.
  let temperature: Double
  let before: ClassificationReport
  let after: ClassificationReport
  let chain: Chain
  private let loaded: LoadedModel
  private let data: LabelledDataset

  /// The temperatures that are tried. A model that is right, or wrong, about every record has none
  /// that fits best, and comes to a limit.
  static let range = 0.01...100

  /// - Throws: `CLIError.badData` where the model does not end in a recurrent classifier, or where
  ///   its labels are not those of the data.
  init(_ loaded: LoadedModel, name: String, on data: LabelledDataset, threads: Int) throws {
    guard let classifier = loaded.chain.stages.last?.base as? RecurrentClassifier else {
      throw CLIError.badData(
        "\(name): is no recurrent classifier, which alone can be calibrated")
    }
    let answers = try Evaluation.answers(of: loaded.chain, on: data, threads: threads)
    before = ClassificationReport(answers.predictions, targets: answers.targets)
    temperature = Temperature.fitted(
      answers.predictions, targets: answers.targets, in: Self.range)
    chain = try Chain(
      loaded.chain.stages.dropLast() + [AnyStage(classifier.dividingLogits(by: temperature))])
    after = try Evaluation.report(of: chain, on: data, threads: threads)
    self.loaded = loaded
    self.data = data
  }

  /// Whether no temperature between the limits fits best.
  var isAtLimit: Bool {
    let margin = 1.0001
    return temperature < Self.range.lowerBound * margin
      || temperature > Self.range.upperBound / margin
  }

  /// The model file: the old one's provenance and one more calibration.
  func bytes() throws -> [UInt8] {
    var information = loaded.information
    var provenance = information.provenance.objectValue ?? JSONObject()
    let earlier = provenance["calibrations"]?.arrayValue ?? []
    provenance["calibrations"] = .array(
      earlier + [
        [
          "records": .int(data.count), "sha256": .string(data.digest),
          "temperature": .double(temperature),
          "tool": .string("seqtool \(SeqtoolCommand.toolVersion)"),
        ]
      ])
    information.provenance = .object(provenance)
    return try ModelFile.bytes(
      of: chain, information: information,
      selfTest: SelfTest(of: chain, records: loaded.selfTest?.records ?? []))
  }

  private var figures: [(name: String, before: Double, after: Double)] {
    [
      ("loss", before.loss, after.loss),
      ("ece", before.expectedCalibrationError, after.expectedCalibrationError),
    ]
  }

  var table: String {
    TextTable([["count", "\(data.count)"], ["temperature", ReportText.figure(temperature)]]).text
      + "\n"
      + TextTable(
        [["", "before", "after"]]
          + figures.map { [$0.name, ReportText.figure($0.before), ReportText.figure($0.after)] }
      ).text
  }

  var json: JSONValue {
    func object(_ value: KeyPath<(name: String, before: Double, after: Double), Double>)
      -> JSONValue
    {
      .object(JSONObject(figures.map { ($0.name, .double($0[keyPath: value])) }))
    }
    return [
      "count": .int(data.count), "temperature": .double(temperature), "before": object(\.before),
      "after": object(\.after),
    ]
  }
}
