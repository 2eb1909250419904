import ArgumentParser
import Glibc
import Pipeline
import Seq

/// What a training makes small.
enum LossKind {
  /// In nats, whose exponential is the perplexity.
  case crossEntropy
  case squaredError
}

/// What a person sees of a training, on stderr: a bar on a terminal, lines elsewhere, or JSON.
final class TrainingProgress {
  enum Style: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  private let style: Style
  private let isQuiet: Bool
  private let isTerminal = StandardError.isTerminal
  private let start = Monotonic.seconds()
  private var lastStep = Monotonic.seconds()
  private let introduction: (words: String, figures: JSONObject)
  private let epochs: Int
  private let loss: LossKind
  /// What is counted as it is read.
  private let unit: String
  private let log: TrainingLog?
  private let plot: TrainingPlot?
  private var hasBegun = false
  private var barWidth = 0

  /// - Parameters:
  ///   - introduction: what is trained on what.
  ///   - figures: the same for programs.
  ///   - unit: what is counted as it is read.
  init(
    _ introduction: String, _ figures: JSONObject, epochs: Int, loss: LossKind = .crossEntropy,
    unit: String = "tokens",
    _ options: ReportingOptions
  ) throws {
    self.unit = unit
    self.introduction = (introduction, figures)
    self.epochs = epochs
    self.loss = loss
    style = options.progress
    isQuiet = options.quiet
    log = try options.log.map { try TrainingLog($0) }
    plot = try options.plot.map { try TrainingPlot($0, loss: loss) }
  }

  /// Says what is trained, once it is known that the options have a meaning.
  private func begin() throws {
    guard !hasBegun else { return }
    hasBegun = true
    var object = JSONObject([("event", "begin"), ("epochs", .int(epochs))])
    for member in introduction.figures.members { object[member.key] = member.value }
    var words = introduction.words
    if !LinearAlgebra.hasBLAS {
      object["blas"] = false
      words += "\nno BLAS, or no memory for it: slow, and the model has other bits than with one"
    }
    try emit(words, object)
  }

  /// - Parameter network: its name, where there are several.
  func report(_ network: String?, _ event: TrainingEvent) throws {
    try begin()
    switch event {
    case .step(let epoch, let progress, let loss, let tokens):
      let now = Monotonic.seconds()
      // A terminal is redrawn ten times a second; a log gets a line every ten seconds.
      let interval = isTerminal && style == .text ? 0.1 : 10
      guard now - lastStep >= interval else { return }
      lastStep = now
      try step(network, epoch, progress, loss, tokens: tokens, elapsed: now - start)
    case .epoch(let report):
      try epoch(network, report)
      if network == nil { try plot?.add(report) }
    case .rollback(let report): try rollback(network, report)
    case .kept: break
    }
  }

  func end(_ path: String, byteCount: Int, weightCount: Int) throws {
    let seconds = Monotonic.seconds() - start
    try emit(
      "\(Escaping.printable(path)): \(weightCount) weights, \(byteCount) bytes, "
        + "trained in \(Self.clock(seconds))",
      JSONObject([
        ("event", "end"), ("weights", .int(weightCount)), ("bytes", .int(byteCount)),
        ("seconds", Self.rounded(seconds)),
      ]))
  }

  /// Shows the figures of the finished model on the dev part.
  func judged(_ table: String, _ figures: JSONValue) throws {
    var object = figures.objectValue ?? JSONObject()
    object["event"] = "judged"
    try emit(String(table.dropLast()), object)
  }

  private func step(
    _ network: String?, _ epoch: Int, _ progress: Double, _ loss: Double, tokens: Int,
    elapsed: Double
  ) throws {
    let rate = Int(Double(tokens) / max(elapsed, 1e-3))
    let remaining = elapsed * (1 - progress) / max(progress, 1e-6)
    let place = (network.map { "\($0), " } ?? "") + "epoch \(epoch)/\(epochs)"
    let figures =
      "loss \(ReportText.figure(loss)), \(rate) \(unit)/s, \(Self.clock(remaining)) left"
    guard style == .text, isTerminal else {
      var object = JSONObject([
        ("event", "step"), ("epoch", .int(epoch)), ("progress", Self.rounded(progress)),
        ("loss", Self.rounded(loss)), ("\(unit)_per_second", .int(rate)),
        ("seconds_left", Self.rounded(remaining)),
      ])
      if let network { object["network"] = .string(network) }
      return try emit("\(place), \(Int(progress * 100)) %, \(figures)", object)
    }
    guard !isQuiet else { return }
    let filled = min(20, max(0, Int(progress * 20)))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
    let line = "\(place) [\(bar)] \(figures)"
    let rest = String(repeating: " ", count: max(0, barWidth - line.count))
    barWidth = line.count
    StandardError.write("\r\(line)\(rest)")
  }

  private func epoch(_ network: String?, _ report: EpochReport) throws {
    var words = (network.map { "\($0), " } ?? "") + "epoch \(report.epoch)/\(epochs)"
    words += "  train \(ReportText.figure(report.trainLoss))"
    var object = JSONObject([
      ("event", "epoch"), ("epoch", .int(report.epoch)),
      ("train_loss", Self.rounded(report.trainLoss)),
      ("learning_rate", .double(report.learningRate)), ("best", .bool(report.isBest)),
    ])
    if let network { object["network"] = .string(network) }
    object["gradient_norm"] = Self.rounded(report.gradientNorm)
    if let loss = report.devLoss {
      words += "  dev \(ReportText.figure(loss))"
      object["dev_loss"] = Self.rounded(loss)
      if let f1 = report.devF1 {
        words += "  f1 \(ReportText.figure(f1))"
        object["dev_f1"] = Self.rounded(f1)
      }
      if let accuracy = report.devAccuracy {
        words += "  accuracy \(ReportText.figure(accuracy))"
        object["dev_accuracy"] = Self.rounded(accuracy)
      } else if self.loss == .crossEntropy {
        words += "  perplexity \(ReportText.figure(exp(loss)))"
        object["dev_perplexity"] = Self.rounded(exp(loss))
      }
    }
    try emit(report.isBest ? words + "  best" : words, object)
  }

  private func rollback(_ network: String?, _ report: RollbackReport) throws {
    let place = report.epoch == 0 ? "the beginning" : "the end of epoch \(report.epoch)"
    var object = JSONObject([
      ("event", "rollback"), ("epoch", .int(report.epoch)), ("number", .int(report.number)),
      ("problem", .string(report.problem)), ("rate_factor", .double(report.rateFactor)),
    ])
    if let network { object["network"] = .string(network) }
    try emit(
      (network.map { "\($0), " } ?? "") + "\(report.problem): back to \(place), "
        + "all rates times \(report.rateFactor)", object)
  }

  private func emit(_ line: String, _ object: JSONObject) throws {
    let json = JSONValue.object(object).text() + "\n"
    try log?.add(json)
    guard !isQuiet else { return }
    switch style {
    case .json: StandardError.write(json)
    case .text:
      let erasure = barWidth > 0 ? "\r" + String(repeating: " ", count: barWidth) + "\r" : ""
      barWidth = 0
      StandardError.write(erasure + line + "\n")
    }
  }

  private static func rounded(_ value: Double) -> JSONValue {
    value.isFinite ? .double((value * 1e6).rounded() / 1e6) : .null
  }

  /// `1:05`, or `1:02:03`.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
