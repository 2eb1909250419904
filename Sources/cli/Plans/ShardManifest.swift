import Glibc
import Pipeline

/// What says that a shard is finished: a file beside the output, `OUTPUT.done`, with the digests of
/// what went in, what was done to it and what came out.
struct ShardManifest {
  let shard: Shard
  let part: FileShard
  let inputDigest: String
  let pipelineDigest: String
  let output: String

  /// - Parameter settings: all that can change the output: the pipeline with every option, and
  ///   how records are read and written.
  init(_ shard: Shard, of part: FileShard, settings: String, output: String) throws {
    self.shard = shard
    self.part = part
    self.output = output
    inputDigest = try Digest.sha256(ofFile: part.path, range: part.range)
    pipelineDigest = Digest.sha256(settings.utf8)
  }

  var path: String { output + ".done" }

  /// Whether the manifest there says the same and the output is as it says.
  var isFinished: Bool {
    guard let bytes = try? FileBytes.read(path, maximumSize: 1 << 20),
      let saved = try? JSONParser.parse(bytes), let digest = try? Digest.sha256(ofFile: output)
    else { return false }
    return saved == json(outputDigest: digest)
  }

  /// Writes the manifest of the output as it stands.
  func write() throws {
    let text = json(outputDigest: try Digest.sha256(ofFile: output)).text() + "\n"
    try AtomicFile.write(Array(text.utf8), to: path, mode: 0o666)
  }

  /// Takes away the manifest of an earlier run.
  func remove() throws {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw PipelineError.cannotWrite(file: path, operation: "unlink", code: errno)
    }
  }

  private func json(outputDigest: String) -> JSONValue {
    [
      "shard": .int(shard.index), "shards": .int(shard.count),
      "begin": .int(part.range.lowerBound), "end": .int(part.range.upperBound),
      "input_sha256": .string(inputDigest), "pipeline_sha256": .string(pipelineDigest),
      "output_sha256": .string(outputDigest),
    ]
  }
}
