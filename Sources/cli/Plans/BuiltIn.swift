import CDefaultModel
import Pipeline
import Seq
import Tokenize

/// What this build of the command knows.
enum BuiltIn {
  /// Every registered stage.
  static func registry() throws -> Registry {
    try Registry(
      PipelineStages.all + TokenizeStages.all + SeqStages.all + ExternalStages.all)
  }

  /// The model in the binary.
  /// - Throws: `CLIError.badData` where the command was built without one.
  static func model() throws -> LoadedModel {
    let bytes = UnsafeRawBufferPointer(
      start: seqtool_default_model(), count: seqtool_default_model_size())
    // An empty file leaves an array of one byte, since C has none of zero.
    guard bytes.count > 1 else {
      throw CLIError.badData("this build has no model of its own (give one by --model)")
    }
    return try ModelFile.read(
      partOfProgram: bytes, name: "built-in model", registry: registry())
  }
}
