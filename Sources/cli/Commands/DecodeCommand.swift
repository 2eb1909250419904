import ArgumentParser
import Pipeline
import Tokenize

/// `seqtool decode`: ids in, text out.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn each record of ids back into text.",
    discussion: """
      A record is what `encode` gives: ids with spaces between, or JSON. Tokens are joined by the \
      tokenizer's own rules; those of a model by a space where it reads words, and by nothing where \
      it reads characters. What normalising took away does not come back.

        seqtool encode -m my.seqmodel names.txt | seqtool decode -m my.seqmodel --skip-special
      """)

  @OptionGroup
  var codec: CodecOptions

  @Flag(help: "Leave out special tokens.")
  var skipSpecial = false

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let chain = try codec.chain(addsSpecials: false)
    guard let decoder = chain.idDecoder else {
      throw CLIError.badData("\(codec.model ?? ""): has no vocabulary that can be read backwards")
    }
    let formatter = TextFormatter(delimiter: stream.delimiter)
    let parser = IDLineParser()
    try RecordFilter(stream).run {
      { records in
        let ids = try parser.parse(records)
        do {
          return formatter.format(
            try decoder.decode(ids, skipsSpecials: skipSpecial), of: records)
        } catch TokenizeError.unknownID(let id, let record, let bound) {
          let place = "\(Escaping.printable(records.file)):\(records.firstRecord + record)"
          throw CLIError.badData(
            "\(place): no token has the id \(id) (ids are from 0 to \(bound - 1))")
        }
      }
    }
  }
}
