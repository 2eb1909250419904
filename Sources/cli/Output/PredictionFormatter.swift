import Glibc
import Pipeline

/// Predictions as lines: `label TAB probability TAB record`, labels alone, or JSON.
struct PredictionFormatter {
  enum Style {
    case table
    case labels
    case json
  }

  /// What stands in for the best label where its probability is below the bound.
  struct Rejection {
    var minimum: Double
    var label: String
  }

  let delimiter: UInt8
  let style: Style
  /// The number of labels given for each record, at least 1.
  let count: Int
  let rejection: Rejection?
  /// What to add about how each answer came about.
  var explainer: PredictionExplainer?

  /// One line for each record, an empty one for a skipped record.
  /// - Throws: `CLIError.notFinite` where a probability is no number.
  func format(_ chunk: PredictionChunk, of records: RecordChunk) throws -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(records.raw.bytes.count + chunk.count * (24 * count + 8))
    let labels = LabelText(chunk.labels)
    var ranking = Ranking(classes: chunk.labels.count, count: count)
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        guard ranking.rank(chunk.row(record)) else {
          throw CLIError.notFinite(record: records.firstRecord + record)
        }
        let steps = try explainer?.steps(of: records.text.bytes[records.text.range(record)])
        append(record, ranking.best, labels, records, steps, to: &output)
      }
      output.append(delimiter)
    }
    return output
  }

  private func append(
    _ record: Int, _ best: [Ranking.Entry], _ labels: LabelText, _ records: RecordChunk,
    _ steps: [PredictionExplainer.Step]?, to output: inout [UInt8]
  ) {
    let isRejected = rejection.map { exp(Double(best[0].log)) < $0.minimum } ?? false
    let stand = isRejected ? rejection?.label : nil
    switch style {
    case .json:
      appendObject(
        best, stand, labels, text: records.text.bytes[records.text.range(record)], steps, &output)
    case .labels, .table:
      for (place, entry) in best.enumerated() {
        if place > 0 { output.append(UInt8(ascii: "\t")) }
        if place == 0, let stand {
          output += LabelText.plain(stand)
        } else {
          output += labels.plain[entry.label]
        }
        guard style == .table else { continue }
        output.append(UInt8(ascii: "\t"))
        Probability(log: entry.log).append(to: &output)
      }
      guard style == .table else { return }
      output.append(UInt8(ascii: "\t"))
      output += records.raw[record]
      if let steps { Self.append(steps, labels, &output) }
    }
  }

  private func appendObject(
    _ best: [Ranking.Entry], _ stand: String?, _ labels: LabelText, text: ArraySlice<UInt8>,
    _ steps: [PredictionExplainer.Step]?, _ output: inout [UInt8]
  ) {
    output += LabelText.textKey
    JSONValue.append(text, to: &output)
    output += LabelText.labelKey
    if let stand {
      JSONValue.append(stand, to: &output)
    } else {
      output += labels.json[best[0].label]
    }
    output += LabelText.probabilityKey
    Probability(log: best[0].log).append(to: &output)
    output += LabelText.labelsKey
    for (place, entry) in best.enumerated() {
      output += place == 0 ? LabelText.firstLabelKey : LabelText.nextLabelKey
      output += labels.json[entry.label]
      output += LabelText.probabilityKey
      Probability(log: entry.log).append(to: &output)
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
    if let steps { Self.appendArray(steps, labels, &output) }
    output.append(UInt8(ascii: "}"))
  }

  /// A column behind the record: `token=label:probability`, joined by spaces.
  private static func append(
    _ steps: [PredictionExplainer.Step], _ labels: LabelText, _ output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "\t"))
    for (place, step) in steps.enumerated() {
      if place > 0 { output.append(UInt8(ascii: " ")) }
      TokenFormatter.escape(step.token[...], into: &output)
      output.append(UInt8(ascii: "="))
      TokenFormatter.escape(labels.plain[step.best.label][...], into: &output)
      output.append(UInt8(ascii: ":"))
      Probability(log: step.best.log).append(to: &output)
    }
  }

  private static func appendArray(
    _ steps: [PredictionExplainer.Step], _ labels: LabelText, _ output: inout [UInt8]
  ) {
    output += Array(",\"explain\":[".utf8)
    for (place, step) in steps.enumerated() {
      output += Array((place > 0 ? ",{\"token\":" : "{\"token\":").utf8)
      JSONValue.append(String(decoding: step.token, as: UTF8.self), to: &output)
      output += Array(",\"span\":[\(step.span.lowerBound),\(step.span.upperBound)]".utf8)
      output += LabelText.labelKey
      output += labels.json[step.best.label]
      output += LabelText.probabilityKey
      Probability(log: step.best.log).append(to: &output)
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
  }
}

/// The labels of a model as bytes for both styles, made once per chunk.
private struct LabelText {
  static let textKey = Array("{\"text\":".utf8)
  static let labelKey = Array(",\"label\":".utf8)
  static let probabilityKey = Array(",\"probability\":".utf8)
  static let labelsKey = Array(",\"labels\":[".utf8)
  static let firstLabelKey = Array("{\"label\":".utf8)
  static let nextLabelKey = Array(",{\"label\":".utf8)

  let plain: [[UInt8]]
  let json: [[UInt8]]

  init(_ labels: [String]) {
    plain = labels.map(Self.plain)
    json = labels.map { label in
      var bytes: [UInt8] = []
      JSONValue.append(label, to: &bytes)
      return bytes
    }
  }

  /// The label's bytes; a tab or a line end in it would break the line that it stands in.
  static func plain(_ label: String) -> [UInt8] {
    let bytes = Array(label.utf8)
    guard bytes.contains(where: { $0 < 0x20 }) else { return bytes }
    return Array(Escaping.printable(label, limit: bytes.count).utf8)
  }
}

/// Finds the best of K classes, in order; ties go to the class that comes first.
struct Ranking {
  struct Entry: Equatable {
    var label: Int
    var log: Float
  }

  private(set) var best: [Entry] = []
  private let count: Int

  init(classes: Int, count: Int) {
    self.count = min(count, classes)
    best.reserveCapacity(self.count + 1)
  }

  /// Ranks one row of log-probabilities into `best`, in O(K count).
  /// - Returns: whether all of them are numbers.
  mutating func rank(_ row: ArraySlice<Float>) -> Bool {
    best.removeAll(keepingCapacity: true)
    var isSound = !row.isEmpty
    for (label, log) in row.enumerated() {
      if log.isNaN || log == .infinity { isSound = false }
      if best.count == count, let last = best.last, log <= last.log { continue }
      var place = best.count
      while place > 0 && best[place - 1].log < log { place -= 1 }
      best.insert(Entry(label: label, log: log), at: place)
      if best.count > count { best.removeLast() }
    }
    return isSound && !best.isEmpty
  }
}
