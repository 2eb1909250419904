import Pipeline
import Seq

/// The arrays of models that read no plain text.
extension ReferenceArrays {
  static func images(
    _ records: String?, _ test: SelfTest?, _ needed: ImageChunk
  ) throws -> ImageChunk {
    guard let records else {
      guard let images = test.flatMap({ ImageChunk(texts: $0.records) }) else {
        throw nothing("images")
      }
      return images
    }
    let source = ImageSource([records], needed: needed)
    var images = needed
    while let batch = try source.next() { images.pixels += batch.images.pixels }
    return images
  }

  /// `images`, in the type that the graph takes; `logits`, `log_probabilities`.
  static func write(_ images: ImageChunk, _ network: LeNet, to writer: NPZWriter) throws {
    let logits = network.logits(images)
    let predictions = try Chain(network).run(images, as: PredictionChunk.self)
    try writer.add(
      "images", .float32, shape: [images.count, images.channels, images.height, images.width],
      images.pixels.map { Float($0) })
    try writer.add("logits", .float32, shape: logits.shape, logits.values)
    try writer.add(
      "log_probabilities", .float32, shape: logits.shape, predictions.logProbabilities)
  }

  /// `rows`, every window of the series; `forecasts`.
  static func write(
    _ series: Series, _ forecaster: RecurrentForecaster, to writer: NPZWriter
  ) throws {
    let options = forecaster.options
    guard series.count >= options.window else {
      throw CLIError.badData(
        "--records: the series has \(series.count) rows, but the model reads \(options.window)")
    }
    let rows = (options.window...series.count).flatMap {
      series[$0 - options.window..<$0].values
    }
    let forecasts = try forecaster.forecasts(after: rows)
    let count = forecasts.count / options.horizon
    try writer.add("rows", .float64, shape: [count, options.window, options.inputs], rows)
    try writer.add("forecasts", .float64, shape: [count, options.horizon], forecasts)
  }

  /// `ids` and `lengths`, `characters` and `character_lengths` where words are spelled; `scores`, zeros
  /// behind a sentence's end, and what a conditional random field has of its own.
  static func write(_ ids: IDChunk, _ tagger: RecurrentTagger, to writer: NPZWriter) throws {
    let scores = try tagger.scores(ids)
    let ranges = (0..<ids.count).map(ids.range)
    let (count, width) = (ids.count, ranges.map(\.count).max() ?? 1)
    try writer.add(
      "ids", .int64, shape: [count, width], padded(ranges.map { ids.ids[$0] }, to: width))
    try writer.add("lengths", .int64, shape: [count], ranges.map { Int64($0.count) })
    if let spelling = ids.spelling {
      let words = ranges.map { $0.map { spelling.ids[spelling.range($0)] } }
      let longest = max(1, words.joined().map(\.count).max() ?? 1)
      try writer.add(
        "characters", .int64, shape: [count, width, longest],
        words.flatMap { sentence in
          padded(sentence + Array(repeating: [], count: width - sentence.count), to: longest)
        })
      try writer.add(
        "character_lengths", .int64, shape: [count, width],
        words.flatMap { sentence in
          sentence.map { Int64($0.count) } + Array(repeating: 0, count: width - sentence.count)
        })
    }
    let (k, values) = (tagger.labels.count, scores.values)
    try writer.add(
      "scores", .float32, shape: [count, width, k],
      ranges.flatMap { range in
        values[range.lowerBound * k..<range.upperBound * k]
          + [Float](repeating: 0, count: (width - range.count) * k)
      })
    for (name, shape, values) in tagger.fieldScores {
      try writer.add(name, .float32, shape: shape, values)
    }
  }
}
