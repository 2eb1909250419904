import Glibc
import Pipeline

/// How well a language model predicts a text.
struct TextReport {
  let symbolCount: Int
  /// Bytes of the text, each record's end counted as one.
  let byteCount: Int
  /// The natural logarithm of the probability of the whole text.
  let logProbability: Double
  /// The same by the model read in full, where it was not.
  var exact: Double?

  private var figures: FigureChanges.Figures {
    FigureChanges.appended(
      to: figures(logProbability), from: exact.map { figures($0) })
  }

  private func figures(_ logProbability: Double) -> FigureChanges.Figures {
    let loss = -logProbability / Double(max(1, symbolCount))
    return [
      ("loss", loss), ("perplexity", exp(loss)),
      ("bits_per_byte", -logProbability / log(2) / Double(max(1, byteCount))),
    ]
  }

  var table: String {
    TextTable(
      [["count", "\(symbolCount)"]] + figures.map { [$0.name, ReportText.figure($0.value)] }
    ).text
  }

  /// One object; what is not finite is null.
  var json: JSONValue {
    var object = JSONObject(
      figures.map { ($0.name, $0.value.isFinite ? .double($0.value) : .null) })
    object["count"] = .int(symbolCount)
    return .object(object)
  }
}
