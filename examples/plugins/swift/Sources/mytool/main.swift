import Glibc
import Pipeline
import Tokenize

// A command with a list of stages of its own: `mytool STAGE...` sends stdin through them.
signal(SIGPIPE, SIG_IGN)
do {
  let registry = try Registry(TokenizeStages.all + [StageEntry(SwapNames.self)])
  let chain = try Chain(CommandLine.arguments.dropFirst().map { try registry.make($0) })
  let writer = RecordWriter()
  try OrderedPipeline(threads: 1).run(try RecordReader(files: []), to: writer) {
    var runner = try chain.makeRunner()
    return { records in
      let text = try runner.consume(records.text, as: TextChunk.self)
      return (0..<text.count).flatMap { text.bytes[text.range($0)] + [0x0A] }
    }
  }
} catch {
  let message = Array("mytool: \(error)\n".utf8)
  _ = write(STDERR_FILENO, message, message.count)
  exit(1)
}
