import ArgumentParser
import Pipeline
import Seq
import Tokenize

/// Which language model to use.
struct LanguageModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .long], help: "The language model.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String

  @OptionGroup
  var reading: PrecisionOption

  /// A language model and the stages before it.
  struct Loaded {
    let chain: Chain
    /// From text to ids.
    let stages: Chain
    let model: LanguageModel
    let decoder: any IDDecoder

    /// The same, its matrices kept in fewer bits.
    func reduced(to precision: Precision) throws -> Loaded {
      var model = model
      model.precision = precision
      return Loaded(
        chain: try chain.reduced(to: precision), stages: stages, model: model, decoder: decoder)
    }

    /// The text of some ids; each record's end becomes a newline.
    func text(_ ids: [Int32]) throws -> String {
      let end = Int32(model.options.end)
      let lines = ids.split(separator: end, omittingEmptySubsequences: false)
      return try lines.map { line in
        var bytes: [UInt8] = []
        try decoder.append(line, skipsSpecials: false, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
      }.joined(separator: "\n")
    }

    /// The ids of a text, its newlines being records' ends.
    func ids(_ text: String) throws -> [Int32] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let chunk = try stages.run(TextChunk(lines.map(String.init)), as: IDChunk.self)
      return Array(
        (0..<chunk.count).map { chunk.ids[chunk.range($0)] }
          .joined(separator: [Int32(model.options.end)]))
    }
  }

  /// Loads and checks the model.
  /// - Throws: `CLIError.badData` where it is no language model.
  func load() throws -> Loaded { try Self.load(model, reading.precision) }

  static func load(_ path: String, _ precision: Precision) throws -> Loaded {
    guard let loaded = loaded(try ModelOption.load(path).chain) else {
      throw CLIError.badData("\(path): is not a language model (`seqtool train lm` makes one)")
    }
    return try loaded.reduced(to: precision)
  }

  /// A language model's chain taken apart; `nil` for a chain of another kind.
  static func loaded(_ chain: Chain) -> Loaded? {
    guard chain.input == .text, let last = chain.stages.last?.base as? LanguageModel,
      let decoder = chain.idDecoder, let stages = try? Chain(Array(chain.stages.dropLast()))
    else { return nil }
    return Loaded(chain: chain, stages: stages, model: last, decoder: decoder)
  }
}
