import ArgumentParser
import Glibc
import Pipeline
import Seq

/// What a person sees of a training, on stderr: a bar on a terminal, lines elsewhere, or JSON.
final class TrainingProgress {
  enum Style: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  private let style: Style
  private let isQuiet: Bool
  private let isTerminal = StandardError.isTerminal
  private let start = monotonicSeconds()
  private var lastStep = monotonicSeconds()
  private let parts: TrainingParts
  private let recipe: ClassifierRecipe
  private var hasBegun = false
  private var barWidth = 0

  init(_ parts: TrainingParts, _ recipe: ClassifierRecipe, style: Style, isQuiet: Bool) {
    self.parts = parts
    self.recipe = recipe
    self.style = style
    self.isQuiet = isQuiet
  }

  private var epochs: Int { recipe.training.epochs }

  /// Says what is trained, once it is known that the options have a meaning.
  private func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    emit(
      "\(parts.train.count) records of \(parts.train.labelNames.count) classes to learn from, "
        + "\(parts.dev.count) to judge on; \(recipe.architecture.cell) "
        + "\(recipe.architecture.hidden) by \(recipe.unit.rawValue)",
      [
        "event": "begin", "train": .int(parts.train.count), "dev": .int(parts.dev.count),
        "classes": .int(parts.train.labelNames.count), "epochs": .int(epochs),
      ])
  }

  /// - Parameter network: its name, where there are several.
  func report(_ network: String?, _ event: TrainingEvent) {
    begin()
    switch event {
    case .step(let epoch, let progress, let loss, let tokens):
      let now = monotonicSeconds()
      // A terminal is redrawn ten times a second; a log gets a line every ten seconds.
      let interval = isTerminal && style == .text ? 0.1 : 10
      guard !isQuiet, now - lastStep >= interval else { return }
      lastStep = now
      step(network, epoch, progress, loss, tokens: tokens, elapsed: now - start)
    case .epoch(let report): epoch(network, report)
    }
  }

  func end(_ path: String, byteCount: Int, weightCount: Int) {
    let seconds = monotonicSeconds() - start
    emit(
      "\(Escaping.printable(path)): \(weightCount) weights, \(byteCount) bytes, "
        + "trained in \(Self.clock(seconds))",
      [
        "event": "end", "weights": .int(weightCount), "bytes": .int(byteCount),
        "seconds": Self.rounded(seconds),
      ])
  }

  private func step(
    _ network: String?, _ epoch: Int, _ progress: Double, _ loss: Double, tokens: Int,
    elapsed: Double
  ) {
    let rate = Int(Double(tokens) / max(elapsed, 1e-3))
    let remaining = elapsed * (1 - progress) / max(progress, 1e-6)
    let place = (network.map { "\($0), " } ?? "") + "epoch \(epoch)/\(epochs)"
    let figures =
      "loss \(ReportText.figure(loss)), \(rate) tokens/s, \(Self.clock(remaining)) left"
    guard style == .text, isTerminal else {
      var object = JSONObject([
        ("event", "step"), ("epoch", .int(epoch)), ("progress", Self.rounded(progress)),
        ("loss", Self.rounded(loss)), ("tokens_per_second", .int(rate)),
        ("seconds_left", Self.rounded(remaining)),
      ])
      if let network { object["network"] = .string(network) }
      return emit("\(place), \(Int(progress * 100)) %, \(figures)", .object(object))
    }
    let filled = min(20, max(0, Int(progress * 20)))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
    let line = "\(place) [\(bar)] \(figures)"
    let rest = String(repeating: " ", count: max(0, barWidth - line.count))
    barWidth = line.count
    StandardError.write("\r\(line)\(rest)")
  }

  private func epoch(_ network: String?, _ report: EpochReport) {
    var words = (network.map { "\($0), " } ?? "") + "epoch \(report.epoch)/\(epochs)"
    words += "  train \(ReportText.figure(report.trainLoss))"
    var object = JSONObject([
      ("event", "epoch"), ("epoch", .int(report.epoch)),
      ("train_loss", Self.rounded(report.trainLoss)),
      ("learning_rate", .double(report.learningRate)), ("best", .bool(report.isBest)),
    ])
    if let network { object["network"] = .string(network) }
    if let loss = report.devLoss, let accuracy = report.devAccuracy {
      words += "  dev \(ReportText.figure(loss))  accuracy \(ReportText.figure(accuracy))"
      object["dev_loss"] = Self.rounded(loss)
      object["dev_accuracy"] = Self.rounded(accuracy)
    }
    emit(report.isBest ? words + "  best" : words, .object(object))
  }

  private func emit(_ line: String, _ object: JSONValue) {
    guard !isQuiet else { return }
    switch style {
    case .json: StandardError.write(object.text() + "\n")
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

/// The time since some fixed moment; never goes back.
private func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
