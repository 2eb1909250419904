@testable import Pipeline

/// What a plugin answers: a reply is judged the same however its bytes come, and one that passes is
/// safe.
struct ReplyTarget: FuzzTarget {
  private static let chunks = [
    TextChunk(["one", "zwei", "trois"]), TextChunk([""]), TextChunk(["a\nb", "c\u{0}", "d\r"]),
    TextChunk([String]()), TextChunk(["é", "😀"]),
  ]

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    let chunk = source.choice(of: Self.chunks)
    let kind = source.byte() % 4
    let step = source.size(upTo: 7)
    let first = source.flag() ? 1 : 1_000_000_007
    var options = ProcessRun.Options()
    if source.flag() { options.maxRecord = source.size(upTo: 30) }
    if source.flag() { options.framing = .nul }
    let reply = Array(source.rest)
    switch kind {
    case 0:
      judge(reply, step, to: chunk) {
        LineReplies(to: chunk, options)
      } records: {
        $0.records
      }
    case 1:
      judge(reply, step, to: nil) {
        HandshakeReply()
      } records: { _ in
        TextChunk()
      }
    case 2:
      judge(reply, step, to: chunk) {
        RecordReplies(to: chunk, from: first, options)
      } records: {
        $0.records
      }
    default: checkEcho(reply, step, first)
    }
  }

  /// Takes a reply at once and in pieces.
  private func judge<Parser: ReplyParser>(
    _ reply: [UInt8], _ step: Int, to chunk: TextChunk?, _ make: () -> Parser,
    records: (Parser) -> TextChunk
  ) {
    let (whole, fault) = take(reply, max(1, reply.count), make())
    let (pieces, other) = take(reply, step, make())
    // A reader in pieces can say so before the rest came: what it says may name another place.
    law((fault == nil) == (other == nil), "\(fault ?? "-") at once, \(other ?? "-") in pieces")
    guard fault == nil else { return }
    law(records(whole).records == records(pieces).records, "other records in pieces")
    guard let chunk else { return }
    let result = records(whole)
    law(result.count == chunk.count, "\(result.count) records to \(chunk.count)")
    guard ReplyCheck.problem(in: result, to: chunk) == nil else { return }
    for i in 0..<chunk.count {
      let bytes = result.bytes[result.range(i)]
      law(String(validating: bytes, as: UTF8.self) != nil, "record \(i) is no text")
      for separator: UInt8 in [0x0A, 0] where bytes.contains(separator) {
        law(chunk.bytes[chunk.range(i)].contains(separator), "record \(i) brings in a separator")
      }
    }
    let alignment = ReplyCheck.alignment(of: result, to: chunk)
    law(
      alignment.starts.count == result.bytes.count && alignment.ends.count == result.bytes.count,
      "an alignment of another size")
  }

  private func take<Parser: ReplyParser>(
    _ reply: [UInt8], _ step: Int, _ parser: Parser
  ) -> (Parser, fault: String?) {
    var parser = parser
    do {
      try reply.withUnsafeBufferPointer { bytes in
        for start in stride(from: 0, to: bytes.count, by: step) {
          let end = min(start + step, bytes.count)
          try parser.take(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        }
      }
      try parser.finish()
      return (parser, nil)
    } catch let fault as ReplyFault {
      law(!fault.problem.isEmpty && !parser.progress.isEmpty, "a fault without words")
      return (parser, fault.problem)
    } catch {
      fail("an error of another kind: \(error)")
    }
  }

  /// What the host writes is, but for its last line, a reply that gives every record back.
  private func checkEcho(_ text: [UInt8], _ step: Int, _ first: Int) {
    let records = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    let chunk = TextChunk(records.map { String(decoding: $0, as: UTF8.self) })
    let message = RecordProtocol.message(chunk, from: first)
    let tail = Array("flush \(first + chunk.count)\n".utf8)
    law(message.suffix(tail.count).elementsEqual(tail), "the message ends otherwise")
    let reply = message.dropLast(tail.count) + Array("flushed \(first + chunk.count)\n".utf8)
    let (parser, fault) = take(
      Array(reply), step, RecordReplies(to: chunk, from: first, ProcessRun.Options()))
    law(fault == nil && parser.isComplete, "an echo is refused: \(fault ?? "incomplete")")
    law(parser.records.records == chunk.records, "an echo gives other records")
    law(ReplyCheck.problem(in: chunk, to: chunk) == nil, "an echo is unsafe")
    law(
      ReplyCheck.alignment(of: chunk, to: chunk) == Alignment(identityOf: chunk),
      "an echo has other offsets")
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    let records = "record 1 3\nONE\nrecord 2 4\nZWEI\nrecord 3 5\nTROIS\nflushed 4\n"
    let refusal = "record 1 3\nONE\nerror 2 2\nno\n"
    // Choices, from the end: chunk, kind, step (two bytes), first number, and the options.
    return [
      Array("ONE\nZWEI\nTROIS\n".utf8) + [0, 0, 0, 0, 3, 0, 0, 0].reversed(),
      Array("seqtool-plugin 1\n".utf8) + [0, 1, 0, 2, 0, 0, 0, 0].reversed(),
      Array(records.utf8) + [0, 2, 0, 3, 1, 0, 0, 0].reversed(),
      Array(refusal.utf8) + [0, 2, 0, 6, 1, 0, 0, 0].reversed(),
      Array("a\nb\u{0}\n\nd".utf8) + [2, 3, 0, 1, 1, 0, 0, 0].reversed(),
    ]
  }
}
