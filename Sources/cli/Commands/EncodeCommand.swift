import ArgumentParser
import Pipeline

/// `seqtool encode`: text in, ids out.
struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn each record into the ids of its tokens.",
    discussion: """
      The ids are those of a model, which also says how text is normalised and cut, or of a tokenizer \
      file. With --npz the arrays `ids` (int32, all records one after the other) and `ends` (int64, \
      where each record ends) go to a file for NumPy.

        seqtool encode --model my.seqmodel names.txt
        seqtool encode --tokenizer tokenizer.json --jsonl text.txt
        seqtool encode --model my.seqmodel --npz ids.npz names.txt
      """)

  @OptionGroup
  var codec: CodecOptions

  @Flag(
    inversion: .prefixedNo, help: "With --tokenizer, put its special tokens around each record.")
  var specialTokens = true

  @Flag(help: "One JSON object per record: {\"ids\":[...]}.")
  var jsonl = false

  @Option(
    help: ArgumentHelp("Write arrays to this file instead of lines to stdout.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var npz: String?

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard npz == nil || !jsonl else {
      throw ValidationError("--npz and --jsonl exclude each other")
    }
  }

  func run() throws {
    let chain = try codec.chain(addsSpecials: specialTokens)
    if let npz { return try writeArrays(chain, to: npz) }
    let formatter = IDFormatter(delimiter: stream.delimiter, isJSON: jsonl)
    try RecordFilter(stream).run {
      let runner = try Worker(chain, gives: IDChunk.self)
      return { formatter.format(try runner.run($0), of: $0) }
    }
  }

  /// The ids are streamed; of each record 8 bytes, its end, are kept until the file is complete.
  private func writeArrays(_ chain: Chain, to path: String) throws {
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    try writer.begin("ids", .int32)
    var ends: [Int64] = []
    var total: Int64 = 0
    let filter = RecordFilter(stream)
    try filter.withReader { reader in
      try OrderedPipeline(threads: filter.threads).run(
        reader,
        makeWorker: {
          let runner = try Worker(chain, gives: IDChunk.self)
          return { try runner.run($0) }
        },
        emit: { (chunk: IDChunk) in
          try writer.append(chunk.ids)
          ends += chunk.recordEnds.map { total + Int64($0) }
          total += Int64(chunk.ids.count)
        })
    }
    try writer.add("ends", .int64, shape: [ends.count], ends)
    try writer.finish()
    try file.commit()
  }
}
