import TestSupport

/// A small model of names, trained once by the real binary and used by many tests.
enum ModelFixture {
  /// Flags that make a training short; what it learns does not matter here.
  static let quickly = [
    "--epochs", "3", "--hidden", "16", "--embedding", "8", "--layers", "1", "--pooling", "max",
  ]

  private static let trained = Result { () throws -> [UInt8] in
    let folder = try TemporaryFolder()
    let path = folder.file("fixture.seqmodel")
    let result = try BinaryRunner().run(
      ["train", "classify", "data/names", "-o", path, "--quiet"] + quickly)
    guard result.code == 0 else { throw TrainingFailure(description: result.errors) }
    return try readFile(path)
  }

  private struct TrainingFailure: Error, CustomStringConvertible { let description: String }

  /// The model file.
  static func bytes() throws -> [UInt8] { try trained.get() }

  /// A folder with the model in it, as `m`, and a runner that works there.
  static func folder() throws -> (folder: TemporaryFolder, seqtool: BinaryRunner) {
    let folder = try TemporaryFolder()
    try folder.write("m", try bytes())
    return (folder, BinaryRunner(folder: folder.path))
  }
}
