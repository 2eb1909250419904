import Pipeline
import Seq

/// The differences of two models for people and for programs.
struct ComparisonText {
  let count: Int
  let bootstrap: PairedBootstrap
  let differences: [PairedDifference]
  /// `nil` where nothing is right or wrong.
  var mcNemar: McNemarTest?

  var table: String {
    let header = ["", "A", "B", "B - A", "low", "high", "p", "B better"]
    let rows = differences.map { d in
      [d.name]
        + [d.a, d.b, d.difference, d.low, d.high, d.pValue, d.shareBetter].map(ReportText.figure)
    }
    var text = TextTable([["count", "\(count)"]]).text + "\n" + TextTable([header] + rows).text
    if let mcNemar {
      text +=
        "\n"
        + TextTable([
          ["only A right", "\(mcNemar.onlyA)"], ["only B right", "\(mcNemar.onlyB)"],
          ["McNemar p", Scientific.text(mcNemar.pValue)],
        ]).text
    }
    return text
  }

  /// One object; what is not finite is null.
  var json: JSONValue {
    func number(_ value: Double) -> JSONValue { value.isFinite ? .double(value) : .null }
    var object = JSONObject([
      ("count", .int(count)), ("resamples", .int(bootstrap.resamples)),
      ("seed", .int(Int(clamping: bootstrap.seed))),
    ])
    object["figures"] = .object(
      JSONObject(
        differences.map { d in
          let figures: [(String, JSONValue)] = [
            ("a", number(d.a)), ("b", number(d.b)), ("difference", number(d.difference)),
            ("low", number(d.low)), ("high", number(d.high)), ("p", number(d.pValue)),
            ("b_better", number(d.shareBetter)),
          ]
          return (d.name, .object(JSONObject(figures)))
        }))
    if let mcNemar {
      object["mcnemar"] = [
        "only_a_right": .int(mcNemar.onlyA), "only_b_right": .int(mcNemar.onlyB),
        "p": .double(mcNemar.pValue),
      ]
    }
    return .object(object)
  }
}
