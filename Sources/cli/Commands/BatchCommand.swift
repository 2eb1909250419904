public import ArgumentParser
public import Pipeline

/// `seqtool batch`: ids in, rectangles out.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Put records of ids together to padded batches with masks and lengths.",
    discussion: """
      A record is what `encode` gives. A batch is one JSON object with `records` (the places of its \
      records in the input, from 0), `lengths`, `ids` and `mask`; with --npz it is a file with arrays \
      of these names: int64 [N], int32 [N], int32 [N,T], bool [N,T]; with --safetensors one with \
      tensors: I32, and U8 for the mask.

        seqtool encode -m my.seqmodel names.txt | seqtool batch --size 64 --bucket 4096
        seqtool encode -m my.seqmodel names.txt | seqtool batch --npz 'batch-{batch}.npz'
      """)

  @Option(help: ArgumentHelp("Records in a batch.", valueName: "n"))
  var size = 32

  @Option(help: ArgumentHelp("Cut longer records; 0 for no limit.", valueName: "n"))
  var maxLength = 0

  @Option(help: "Where a long record is cut.")
  var truncate = BatchAssembler.Side.right

  @Option(help: "Where a short record is padded.")
  var pad = BatchAssembler.Side.right

  @Option(help: ArgumentHelp("The id of padding.", valueName: "id"))
  var padId: Int32 = 0

  @Option(
    help: ArgumentHelp("Round the length of a batch up to a multiple of this.", valueName: "n"))
  var multipleOf = 1

  @Option(
    help: ArgumentHelp(
      "Order so many records by length before they are cut into batches; 0 keeps their order.",
      valueName: "n"))
  var bucket = 0

  @Flag(help: "Leave out a last batch that is not full.")
  var dropLast = false

  @Option(
    help: ArgumentHelp(
      "Write each batch to a file; {batch} stands for its number, six digits from 000000.",
      valueName: "file"), completion: .file(extensions: ["npz"]))
  var npz: String?

  @Option(
    help: ArgumentHelp("The same, as safetensors.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var safetensors: String?

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  private var options: BatchAssembler.Options {
    var options = BatchAssembler.Options()
    options.size = size
    options.maximumLength = maxLength
    options.truncation = truncate
    options.padding = pad
    options.paddingID = padId
    options.multiple = multipleOf
    options.bucketWindow = bucket
    options.dropsLast = dropLast
    return options
  }

  func validate() throws {
    guard npz == nil || safetensors == nil else {
      throw ValidationError("--npz and --safetensors exclude each other")
    }
    guard (npz ?? safetensors)?.contains("{batch}") ?? true else {
      throw ValidationError("the file's name needs {batch} in it: each batch is a file")
    }
    guard padId >= 0 else { throw ValidationError("--pad-id \(padId) is no id (ids are from 0)") }
  }

  func run() throws {
    var assembler = try BatchAssembler(options)
    let parser = IDLineParser()
    let output = RecordWriter()
    var count = 0
    let write = { (batch: IDBatch) throws in
      if let pattern = npz ?? safetensors {
        let number = String("\(count + 1_000_000)".dropFirst(count < 1_000_000 ? 1 : 0))
        let path = pattern.replacing("{batch}", with: number)
        if npz != nil {
          try BatchFormatter.writeArrays(batch, to: path)
        } else {
          try BatchFormatter.writeTensors(batch, to: path)
        }
      } else {
        try output.write(BatchFormatter.line(batch) + [stream.delimiter])
        if stream.isInteractive { try output.flush() }
      }
      count += 1
    }
    let filter = RecordFilter(stream)
    try filter.withReader { reader in
      try OrderedPipeline(threads: filter.threads).run(
        reader, makeWorker: { { try parser.parse($0) } },
        emit: { (chunk: IDChunk) in for batch in try assembler.add(chunk) { try write(batch) } })
    }
    for batch in try assembler.finish() { try write(batch) }
    try output.flush()
  }
}

extension BatchAssembler.Side: ExpressibleByArgument {}
