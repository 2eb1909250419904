import Pipeline
import Seq

/// A tagger with random weights, and sentences for it.
struct SampleTagger: Sendable {
  var options = TaggerOptions()
  var labels = ["B-A", "B-C", "I-A", "I-C", "O"]

  init(cell: String = "lstm", decoder: TaggerOptions.Decoder = .crf) {
    (options.cell, options.decoder, options.scheme) = (cell, decoder, .bio)
    (options.symbols, options.embedding, options.hidden, options.layers) = (11, 6, 13, 2)
    (options.characters, options.characterEmbedding, options.characterHidden) = (9, 5, 7)
    options.maximumLength = 25
  }

  func make(seed: UInt64 = 1) throws -> RecurrentTagger {
    let network = try TaggerNetwork(options, tagCount: labels.count)
    return RecurrentTagger(
      labels: labels, network: network,
      parameters: Samples.parameters(network.layout, seed: seed, size: 1.2))
  }

  /// Sentences of many lengths, empty and over-long ones too, and a tag for each token.
  func examples(_ count: Int, seed: UInt64 = 2) -> TaggerExamples {
    var records = Samples.records(
      count, lengths: 1...40, symbols: Int32(options.symbols), seed: seed)
    if count > 3 { records[3] = [] }
    var chunk = Samples.chunk(records)
    let spelled = Samples.chunk(
      Samples.records(
        chunk.ids.count, lengths: 0...6, symbols: Int32(options.characters), seed: seed + 1))
    chunk.spelling = Spelling(ids: spelled.ids, tokenEnds: spelled.recordEnds)
    let tags = Samples.records(
      1, lengths: chunk.ids.count...chunk.ids.count, symbols: Int32(labels.count),
      seed: seed + 2)
    return TaggerExamples(ids: chunk, tags: tags[0])
  }
}
