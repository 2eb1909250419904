import ArgumentParser
import Pipeline
import Tokenize

/// Which tokens have which ids: shared by `encode` and `decode`.
struct CodecOptions: ParsableArguments {
  @Option(
    name: [.customShort("m"), .long],
    help: "Ids as in this model, with all that it does to text before.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String?

  @Option(
    help: "Ids of a Hugging Face tokenizer.json or a SentencePiece model.", completion: .file())
  var tokenizer: String?

  func validate() throws {
    guard (model == nil) != (tokenizer == nil) else {
      throw ValidationError("ids need one of --model and --tokenizer to say what they stand for")
    }
  }

  /// The chain from text to ids.
  /// - Throws: `PipelineError.malformedValue` where the model knows no ids.
  func chain(addsSpecials: Bool) throws -> Chain {
    if let tokenizer {
      let definition = try SubwordDefinition(
        source: try FileBytes.read(tokenizer), file: tokenizer)
      return try Chain(
        SubwordEncode(options: .init(specialTokens: addsSpecials), definition: definition))
    }
    let chain = try ModelOption.load(model).chain
    return try chain.prefix(upTo: .ids, in: model ?? "")
  }
}
