@testable import Pipeline

/// A stage and two runners of it that have seen every input so far.
final class StageCheck {
  let stage: AnyStage
  private var veterans: [RunContext: (first: AnyStageRunner, second: AnyStageRunner)] = [:]

  init(_ stage: any Stage) { self.stage = AnyStage(stage) }

  /// What a runner makes of the records. The laws of all stages are checked: one record out for each
  /// record in, and the same result from another runner that gets them in two chunks.
  /// - Parameter isFresh: whether the runner has seen nothing before; to make one can take long.
  func run<Output: Cuttable>(
    _ input: TextChunk, cutAt cut: Int, _ context: RunContext, isFresh: Bool = false,
    as type: Output.Type
  ) throws -> Output {
    var pair = try veterans[context] ?? (stage.makeRunner(context), stage.makeRunner(context))
    // Nothing is kept where one throws.
    veterans[context] = nil
    if isFresh { pair.first = try stage.makeRunner(context) }
    let whole = try consume(input, &pair.first, type)
    law(whole.count == input.count, "\(name): \(input.count) records in, \(whole.count) out")
    let cut = cut % (input.count + 1)
    let first = try consume(input.cut(0..<cut), &pair.second, type).records
    let second = try consume(input.cut(cut..<input.count), &pair.second, type).records
    veterans[context] = pair
    law(
      first + second == whole.records,
      "\(name): another result in two chunks, cut after record \(cut)")
    return whole
  }

  var name: String { "\(stage.descriptor.id) \((try? stage.options().text()) ?? "")" }

  private func consume<Output>(
    _ chunk: TextChunk, _ runner: inout AnyStageRunner, _ type: Output.Type
  ) throws -> Output {
    guard let output = try runner.consume(chunk) as? Output else { fail("\(name): another type") }
    return output
  }
}

extension TextChunk {
  /// The lines of an input, made well formed.
  init(lines bytes: some Sequence<UInt8>) {
    let text = Array(String(decoding: Array(bytes), as: UTF8.self).utf8)
    self.init()
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) { append(line) }
  }

  func bytes(_ i: Int) -> [UInt8] { Array(bytes[range(i)]) }
}

/// First inputs of text targets: what the project ships, in many scripts, and runs that are hard.
enum TextSeeds {
  static func all(_ project: ProjectFiles) throws -> [[UInt8]] {
    let lines = try project.bytes("Tests/TokenizeTests/Subword/Goldens/short/lines.txt")
      .split(separator: 0x0A)
    let groups = stride(from: 0, to: lines.count, by: 6).map { start in
      Array(lines[start..<min(start + 6, lines.count)].joined(separator: [0x0A]).prefix(400))
    }
    let hard = [
      "e\u{301}\u{323}\u{301}", "\u{F73}\u{F75}\u{F81}", "\u{1100}\u{1161}\u{11A8}각", "ﷺﷺ",
      "ǅ İ ı ẞ Σς ﬁ", "🇩🇪🇫🇷👩‍👩‍👧❤️", "สวัสดีครับ 東京タワー", "a:b'c\"א״ב 1,000.5 x_y", "\u{200D}\u{AD}\r",
    ]
    return Array(groups.prefix(40)) + hard.map { Array($0.utf8) }
  }
}
